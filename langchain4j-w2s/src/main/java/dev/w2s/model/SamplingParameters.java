// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.util.List;
import java.util.Objects;

/**
 * How tokens are drawn: logits less the penalties, over temperature, then the {@code topK}
 * likeliest, then the smallest set of likeliest tokens whose mass reaches {@code topP}, in the
 * order of Hugging Face transformers.
 *
 * @param temperature 0 takes the likeliest token always
 * @param topK 0 for all tokens
 * @param topP above 0, up to 1; 1 for all tokens
 * @param frequencyPenalty taken from a token's logit for each time that the response so far holds
 *     it, from -2 to 2, as OpenAI defines it; 0 for none
 * @param presencePenalty taken once from the logit of each token that the response so far holds,
 *     from -2 to 2; 0 for none
 * @param stop texts that end a response; they are not part of it
 */
public record SamplingParameters(
    double temperature,
    int topK,
    double topP,
    double frequencyPenalty,
    double presencePenalty,
    List<String> stop) {
  private static final double LARGEST_PENALTY = 2;

  /** Plain sampling: temperature 1, all tokens, no penalties, no stop strings. */
  public static final SamplingParameters DEFAULT = new SamplingParameters(1, 0, 1, List.of());

  /**
   * @throws IllegalArgumentException if a value is out of range; the message names it
   */
  public SamplingParameters {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature is " + temperature + "; it must be a finite number of at least 0");
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK is " + topK + "; it must be at least 0");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP is " + topP + "; it must be above 0 and at most 1");
    }
    requirePenalty("frequencyPenalty", frequencyPenalty);
    requirePenalty("presencePenalty", presencePenalty);
    stop = new StopStrings(Objects.requireNonNull(stop, "stop")).texts();
  }

  /**
   * Without penalties.
   *
   * @throws IllegalArgumentException if a value is out of range; the message names it
   */
  public SamplingParameters(double temperature, int topK, double topP, List<String> stop) {
    this(temperature, topK, topP, 0, 0, stop);
  }

  /** The same with other stop strings. */
  public SamplingParameters withStop(List<String> texts) {
    return new SamplingParameters(
        temperature, topK, topP, frequencyPenalty, presencePenalty, texts);
  }

  private static void requirePenalty(String name, double value) {
    if (!(Math.abs(value) <= LARGEST_PENALTY)) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be from -2 to 2");
    }
  }

  /** Whether what a response holds already counts when it goes on. */
  boolean hasPenalty() {
    return frequencyPenalty != 0 || presencePenalty != 0;
  }
}
