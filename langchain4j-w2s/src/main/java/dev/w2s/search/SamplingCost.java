// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/**
 * What a sampler has cost since it was opened.
 *
 * @param calls calls to the large model that were made, failed ones included
 * @param tokens tokens of the large model in all draws, those of failed calls included where they
 *     are known
 * @param steeringTokens tokens run through small models that took part in the drawing
 */
public record SamplingCost(long calls, long tokens, long steeringTokens) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a number is negative
   */
  public SamplingCost {
    if (calls < 0 || tokens < 0 || steeringTokens < 0) {
      throw new IllegalArgumentException(
          "calls is %d, tokens %d and steeringTokens %d, must not be negative"
              .formatted(calls, tokens, steeringTokens));
    }
  }

  /** Of a model that draws alone. */
  public SamplingCost(long calls, long tokens) {
    this(calls, tokens, 0);
  }
}
