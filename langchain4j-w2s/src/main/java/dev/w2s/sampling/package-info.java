// SPDX-License-Identifier: Apache-2.0
/** Draws a search's candidates from the frozen model, which may be any LangChain4j model. */
@NullMarked
package dev.w2s.sampling;

import org.jspecify.annotations.NullMarked;
