// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import java.util.List;

/**
 * Whether a guide wants what its user wants, over pairs of responses of which the user prefers one.
 *
 * @param pairs how many were compared
 * @param ties how many of them the guide cannot tell apart; each agrees by half
 * @param unscored how many more the guide could not score, because a text is too long for it
 * @param agree share of the pairs in which guide and user prefer the same, from 0 to 1
 * @param interval of that share, 95 %
 * @param margin mean score of the chosen response minus that of the rejected one, nats
 * @param noise standard deviation of that difference, nats; 0 of a single pair
 * @param prefersLonger share of the pairs, of unequal length in characters, in which the guide
 *     prefers the longer one; NaN if there are none
 * @param lengthDecides whether the guide follows the length, up or down, more often than the user
 */
public record Calibration(
    int pairs,
    int ties,
    int unscored,
    double agree,
    Interval interval,
    double margin,
    double noise,
    double prefersLonger,
    boolean lengthDecides) {

  /** What an interval of the agreement says. */
  public enum Verdict {
    /** The guide prefers what the user prefers, more often than a coin. */
    AGREES,
    /** It prefers the opposite: probably its two sides are swapped. */
    DISAGREES,
    /** Too few pairs, or too weak a guide. */
    UNDECIDED
  }

  /**
   * The score interval of a binomial share (Wilson 1927), 95 %: it stays within 0 and 1 and holds
   * for few pairs, too.
   *
   * @param low its lower end
   * @param high its upper end
   */
  public record Interval(double low, double high) {
    private static final double Z = 1.959964;

    /**
     * Of a share.
     *
     * @param share from 0 to 1
     * @param n of how many, at least 1
     */
    public static Interval of(double share, int n) {
      double spread = Z * Z / n;
      double middle = share + spread / 2;
      double half = Z * Math.sqrt(share * (1 - share) / n + spread / (4 * n));
      return new Interval((middle - half) / (1 + spread), (middle + half) / (1 + spread));
    }

    /** Whether chance alone, one half, lies outside. */
    boolean tellsFromChance() {
      return low > 0.5 || high < 0.5;
    }
  }

  /**
   * Compares a guide with its user.
   *
   * @param preferences at least one that the guide can score
   * @throws IllegalArgumentException if there is none
   */
  public static Calibration of(Guide guide, List<Preference> preferences) {
    Calibrator calibrator = new Calibrator(guide);
    preferences.forEach(calibrator::add);
    return calibrator.result();
  }

  /** What can be said of the sign. */
  public Verdict verdict() {
    if (interval.low() > 0.5) {
      return Verdict.AGREES;
    }
    return interval.high() < 0.5 ? Verdict.DISAGREES : Verdict.UNDECIDED;
  }
}
