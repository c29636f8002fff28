// SPDX-License-Identifier: Apache-2.0
/** The command {@code w2s}. */
@NullMarked
package dev.w2s.cli;

import org.jspecify.annotations.NullMarked;
