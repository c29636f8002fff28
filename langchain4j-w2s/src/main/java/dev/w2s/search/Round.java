// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * The trace of one round.
 *
 * @param number of the round, from 1
 * @param candidates all that competed: first the closed hypotheses that the strategy held before,
 *     then the new ones in draw order
 * @param kept what the strategy holds now, best first
 * @param carriedOver how many of the candidates come from earlier rounds with their score
 * @param drawn continuations drawn in this round, equal ones included
 * @param overruled how many hypotheses the guard dropped that the scores would have kept
 * @param sampling wall-clock time of the sampler call
 * @param scoring wall-clock time of the scorer call, zero if there was none
 * @param usage cost of the search so far, this round included
 * @param spent cost of this round alone
 */
public record Round(
    int number,
    List<Hypothesis> candidates,
    List<Hypothesis> kept,
    int carriedOver,
    int drawn,
    int overruled,
    Duration sampling,
    Duration scoring,
    Usage usage,
    Usage spent) {

  /** Checks and copies the components. */
  public Round {
    candidates = List.copyOf(candidates);
    kept = List.copyOf(kept);
    requireNonNull(sampling, "sampling");
    requireNonNull(scoring, "scoring");
    requireNonNull(usage, "usage");
    requireNonNull(spent, "spent");
  }
}
