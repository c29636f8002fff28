// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.Objects.requireNonNull;

/**
 * A guide and what it counts for.
 *
 * @param name tells it from others
 * @param guide opens the scorers
 * @param weight factor on its scores; a negative one steers away
 */
public record WeightedGuide(String name, Guide guide, double weight) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the name is blank, or the weight zero or not finite
   */
  public WeightedGuide {
    requireNonNull(guide, "guide");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name is '" + name + "'; it must not be blank");
    }
    if (weight == 0 || !Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "weight of guide '%s' is %s; it must be finite and not zero".formatted(name, weight));
    }
  }
}
