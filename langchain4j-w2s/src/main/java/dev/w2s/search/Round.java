// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * The trace of one round.
 *
 * @param number of the round, from 1
 * @param candidates all that competed, in draw order: first the closed hypotheses carried over,
 *     then the distinct new candidates, those of the best hypothesis first
 * @param kept the best of them, best first; at most W
 * @param carriedOver how many of the candidates come from the round before with their score
 * @param drawn continuations drawn in this round, duplicates included
 * @param sampling wall-clock time of the sampler call
 * @param scoring wall-clock time of the scorer call, zero if there was none
 * @param usage cost of the search so far, this round included
 */
public record Round(
    int number,
    List<ScoredCandidate> candidates,
    List<ScoredCandidate> kept,
    int carriedOver,
    int drawn,
    Duration sampling,
    Duration scoring,
    Usage usage) {

  /** Checks and copies the components. */
  public Round {
    candidates = List.copyOf(candidates);
    kept = List.copyOf(kept);
    requireNonNull(sampling, "sampling");
    requireNonNull(scoring, "scoring");
    requireNonNull(usage, "usage");
  }

  /** Draws of this round that were dropped because the same hypothesis was there already. */
  public int merged() {
    return drawn - (candidates.size() - carriedOver);
  }
}
