// SPDX-License-Identifier: Apache-2.0
/** What goes in and out: arguments, lines, JSON, progress. */
@NullMarked
package dev.w2s.cli.io;

import org.jspecify.annotations.NullMarked;
