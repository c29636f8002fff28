// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

/**
 * A response so far in a search: where it comes from and what the scorer says of it. The parents
 * make a tree of them, with {@link #root()} at its root.
 *
 * @param id number within the search, from 1 in draw order; 0 is the root's
 * @param parent id of the hypothesis that it continues
 * @param candidate the response
 * @param score in nats, higher is better; NaN where no scorer was consulted because there is
 *     nothing to choose
 * @param draws how many equal draws it stands for, at least 1
 */
public record Hypothesis(int id, int parent, Candidate candidate, double score, int draws) {
  private static final Hypothesis ROOT = new Hypothesis(0, 0, Candidate.empty(), 0, 1);

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public Hypothesis {
    requireNonNull(candidate, "candidate");
    if (id < 0 || parent < 0 || parent > id) {
      throw new IllegalArgumentException(
          "id is %d and parent %d, must be at least 0, the parent not above the id"
              .formatted(id, parent));
    }
    SearchSettings.requireAtLeastOne("draws", draws);
  }

  /** The empty response, from which every search starts; its score is 0. */
  public static Hypothesis root() {
    return ROOT;
  }

  /** Whether it may be continued. */
  public boolean isOpen() {
    return candidate.isOpen();
  }

  /** Whether a scorer has judged it. */
  public boolean isScored() {
    return !Double.isNaN(score);
  }

  /** The same hypothesis, for another number of draws. */
  Hypothesis withDraws(int number) {
    return new Hypothesis(id, parent, candidate, score, number);
  }

  /** The same hypothesis, which nobody will continue. */
  Hypothesis released() {
    return new Hypothesis(id, parent, candidate.released(), score, draws);
  }
}
