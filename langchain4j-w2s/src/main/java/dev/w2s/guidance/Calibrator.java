// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.guidance.Calibration.Interval;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares a guide with its user, one pair of responses after the other; see {@link Calibration}.
 */
public final class Calibrator {

  /**
   * One pair.
   *
   * @param nats score of the chosen response minus that of the rejected one
   * @param characters length of the chosen response minus that of the rejected one
   */
  private record Difference(double nats, int characters) {

    /** 1 where the guide prefers the chosen one, a half where it cannot tell. */
    double agreement() {
      return (1 + Math.signum(nats)) / 2;
    }

    /** The same for the longer one. */
    double preferenceForLonger() {
      return (1 + Math.signum(nats) * Integer.signum(characters)) / 2;
    }
  }

  private final Guide guide;
  private final List<Difference> differences = new ArrayList<>();
  private int unscored;

  /**
   * @param guide stays the caller's
   */
  public Calibrator(Guide guide) {
    this.guide = guide;
  }

  /**
   * Takes a pair of responses.
   *
   * @throws IllegalArgumentException if the guide cannot be shown the prompt
   * @throws IllegalStateException if the guide does not return a score for each
   */
  public void add(Preference preference) {
    double[] nats =
        new ResponseScorer(guide, preference.ended())
            .score(preference.prompt(), List.of(preference.chosen(), preference.rejected()));
    double difference = nats[0] - nats[1];
    if (Double.isNaN(difference)) {
      unscored++;
    } else {
      int characters = preference.chosen().length() - preference.rejected().length();
      differences.add(new Difference(difference, characters));
    }
  }

  /**
   * What the pairs so far say.
   *
   * @throws IllegalArgumentException if the guide could score none
   */
  public Calibration result() {
    int n = differences.size();
    if (n == 0) {
      throw new IllegalArgumentException(
          "preferences hold no pair that the guide can score (%d are too long for it)"
              .formatted(unscored));
    }
    double agree = differences.stream().mapToDouble(Difference::agreement).sum() / n;
    double margin = differences.stream().mapToDouble(Difference::nats).sum() / n;
    List<Difference> unequal = differences.stream().filter(d -> d.characters() != 0).toList();
    double longer =
        unequal.stream().mapToDouble(Difference::preferenceForLonger).average().orElse(Double.NaN);
    return new Calibration(
        n,
        (int) differences.stream().filter(d -> d.nats() == 0).count(),
        unscored,
        agree,
        Interval.of(agree, n),
        margin,
        deviation(margin),
        longer,
        lengthDecides(longer, unequal.size(), agree));
  }

  private double deviation(double mean) {
    double squares =
        differences.stream().mapToDouble(d -> (d.nats() - mean) * (d.nats() - mean)).sum();
    return differences.size() == 1 ? 0 : Math.sqrt(squares / (differences.size() - 1));
  }

  private static boolean lengthDecides(double longer, int unequal, double agree) {
    return unequal > 0
        && Interval.of(longer, unequal).tellsFromChance()
        && Math.max(longer, 1 - longer) > Math.max(agree, 1 - agree);
  }
}
