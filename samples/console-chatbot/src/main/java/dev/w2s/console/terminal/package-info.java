// SPDX-License-Identifier: Apache-2.0
/** Lines in and text out, with a terminal and without. */
@NullMarked
package dev.w2s.console.terminal;

import org.jspecify.annotations.NullMarked;
