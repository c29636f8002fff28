// SPDX-License-Identifier: Apache-2.0
/**
 * A model in this process as LangChain4j's {@code LanguageModel}, {@code ChatModel} and their
 * streaming twins.
 */
@NullMarked
package dev.w2s.local;

import org.jspecify.annotations.NullMarked;
