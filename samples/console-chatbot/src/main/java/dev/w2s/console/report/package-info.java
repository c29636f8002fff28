// SPDX-License-Identifier: Apache-2.0
/** What is told of an answer. */
@NullMarked
package dev.w2s.console.report;

import org.jspecify.annotations.NullMarked;
