// SPDX-License-Identifier: Apache-2.0
/** A conversation in the terminal, guided while it streams. */
@NullMarked
package dev.w2s.console;

import org.jspecify.annotations.NullMarked;
