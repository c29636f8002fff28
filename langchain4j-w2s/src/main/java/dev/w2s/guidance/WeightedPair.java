// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import java.util.Objects;

/**
 * A pair and what it counts for.
 *
 * @param pair the pair
 * @param weight factor on its log-ratio; a negative one steers away
 */
public record WeightedPair(GuidancePair pair, double weight) {

  /**
   * @throws IllegalArgumentException if the weight is zero or not finite
   */
  public WeightedPair {
    Objects.requireNonNull(pair, "pair");
    if (weight == 0 || !Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "weight is " + weight + "; it must be finite and not zero");
    }
  }
}
