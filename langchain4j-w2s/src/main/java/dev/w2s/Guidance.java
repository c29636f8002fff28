// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNull;

import dev.w2s.guidance.WeightedGuide;
import dev.w2s.search.SearchSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a call is guided: the same for every decorator, and whatever it is filled from.
 *
 * @param settings how the search goes and where it stops
 * @param guides what steers it; none only where there is nothing to choose
 */
public record Guidance(SearchSettings settings, List<WeightedGuide> guides) {

  /**
   * Checks the components against each other and copies the list.
   *
   * @throws IllegalArgumentException if there is no guide although the search chooses, two have one
   *     name, or the weights of one and the same guide cancel out
   */
  public Guidance {
    requireNonNull(settings, "settings");
    guides = List.copyOf(guides);
    if (guides.isEmpty() && settings.hasChoice()) {
      throw new IllegalArgumentException(
          "pair is missing; with %s there must be a pair or another guide to choose by"
              .formatted(settings.method()));
    }
    Set<String> names = new HashSet<>();
    for (WeightedGuide guide : guides) {
      if (!names.add(guide.name())) {
        throw new IllegalArgumentException(
            "guide '%s' is there twice; names must differ".formatted(guide.name()));
      }
    }
    requireWeight(guides);
  }

  /** One guide may be there under several names; that of a sum of zero says nothing. */
  private static void requireWeight(List<WeightedGuide> guides) {
    for (WeightedGuide guide : guides) {
      double sum = 0;
      double rounding = 0;
      for (WeightedGuide other : guides) {
        if (other.guide() == guide.guide()) {
          sum += other.weight();
          rounding += Math.ulp(other.weight()) * guides.size();
        }
      }
      if (Math.abs(sum) <= rounding) {
        throw new IllegalArgumentException(
            "guide '%s' is there under several names whose weights cancel out; they must not add up"
                    .formatted(guide.name())
                + " to zero");
      }
    }
  }
}
