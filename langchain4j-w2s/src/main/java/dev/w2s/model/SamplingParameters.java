// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.util.List;
import java.util.Objects;

/**
 * How tokens are drawn: logits over temperature, then the {@code topK} likeliest, then the smallest
 * set of likeliest tokens whose mass reaches {@code topP}, in the order of Hugging Face
 * transformers.
 *
 * @param temperature 0 takes the likeliest token always
 * @param topK 0 for all tokens
 * @param topP above 0, up to 1; 1 for all tokens
 * @param stop texts that end a response; they are not part of it
 */
public record SamplingParameters(double temperature, int topK, double topP, List<String> stop) {
  /** Plain sampling: temperature 1, all tokens, no stop strings. */
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
    stop = new StopStrings(Objects.requireNonNull(stop, "stop")).texts();
  }
}
