// SPDX-License-Identifier: Apache-2.0
/**
 * Weak-to-strong search for LangChain4j: a frozen large model is steered by two small ones, one
 * tuned and the untuned one it came from.
 */
@NullMarked
package dev.w2s;

import org.jspecify.annotations.NullMarked;
