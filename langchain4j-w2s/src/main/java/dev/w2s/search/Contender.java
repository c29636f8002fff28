// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

/**
 * What may be kept of a round.
 *
 * @param hypothesis a response so far
 * @param parent what it continues, itself if it was held before
 * @param share how much of what the large model drew it is, from 0 to 1; the shares of a round add
 *     up to 1. One that was held before counts as what would have been drawn in its place
 */
public record Contender(Hypothesis hypothesis, Hypothesis parent, double share) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the share is not from 0 to 1
   */
  public Contender {
    requireNonNull(hypothesis, "hypothesis");
    requireNonNull(parent, "parent");
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", must be from 0 to 1");
    }
  }

  /** The response so far. */
  public Candidate candidate() {
    return hypothesis.candidate();
  }

  /** What it scores more than its parent, nats; NaN where no scorer was consulted. */
  public double gain() {
    return hypothesis.score() - parent.score();
  }

  /** Tokens of the large model that it has more than its parent. */
  public int tokens() {
    return candidate().tokens() - parent.candidate().tokens();
  }
}
