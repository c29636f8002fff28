// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.answers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.output.TokenUsage;
import org.jspecify.annotations.Nullable;

/** What an answer consists of, in order: texts, then one end. */
public sealed interface Piece {

  /**
   * More of the text.
   *
   * @param text not empty
   */
  record Text(String text) implements Piece {}

  /**
   * More of what a model thinks before it answers.
   *
   * @param text not empty
   */
  record Thinking(String text) implements Piece {}

  /**
   * The answer is complete.
   *
   * @param finishReason as OpenAI calls it
   * @param usage what was billed for all draws; null where nobody knows
   * @param search what the search tells of itself
   * @param logprobs of an echo's tokens; null where they are not asked for
   */
  record End(
      String finishReason,
      @Nullable TokenUsage usage,
      @Nullable JsonNode search,
      @Nullable JsonNode logprobs)
      implements Piece {}
}
