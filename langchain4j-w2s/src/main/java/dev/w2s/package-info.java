// SPDX-License-Identifier: Apache-2.0
/** Weak-to-strong search for LangChain4j. */
@NullMarked
package dev.w2s;

import org.jspecify.annotations.NullMarked;
