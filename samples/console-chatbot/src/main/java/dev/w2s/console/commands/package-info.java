// SPDX-License-Identifier: Apache-2.0
/** What a line that begins with a slash does. */
@NullMarked
package dev.w2s.console.commands;

import org.jspecify.annotations.NullMarked;
