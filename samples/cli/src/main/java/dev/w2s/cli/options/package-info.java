// SPDX-License-Identifier: Apache-2.0
/** Options that several commands have. */
@NullMarked
package dev.w2s.cli.options;

import org.jspecify.annotations.NullMarked;
