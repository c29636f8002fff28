// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a request has tokens drawn; null leaves it to the model.
 *
 * @param maxTokens most tokens of the answer; may be 0 for a completion
 * @param topK as many servers have it beside OpenAI's parameters
 */
public record Sampling(
    @Nullable Integer maxTokens,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    List<String> stop,
    @Nullable Long seed) {
  private static final int MOST_STOPS = 16;

  /**
   * Reads what chats and completions have in common.
   *
   * @param maxTokens as the kind of request calls it
   */
  static Sampling of(Fields request, @Nullable Integer maxTokens) {
    List<String> stop = request.texts("stop");
    if (stop.size() > MOST_STOPS) {
      throw request.wrong("stop", "it must hold at most %d strings".formatted(MOST_STOPS));
    }
    request.refuse("frequency_penalty", "0", "0.0");
    request.refuse("presence_penalty", "0", "0.0");
    request.refuse("logit_bias", "{}");
    request.ignore("user", "metadata", "store", "service_tier", "safety_identifier");
    request.ignore("prompt_cache_key", "prompt_cache_retention", "verbosity");
    return new Sampling(
        maxTokens,
        request.decimal("temperature", 0, 2),
        request.decimal("top_p", Double.MIN_VALUE, 1),
        request.integer("top_k", 0, Integer.MAX_VALUE),
        stop,
        request.number("seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  /** The same for another choice of the same request: another seed where there is one. */
  public Sampling choice(int index) {
    return seed == null
        ? this
        : new Sampling(maxTokens, temperature, topP, topK, stop, seed + index);
  }
}
