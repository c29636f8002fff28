// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;

/**
 * Judges responses so far, usually by the log-ratio of a tuned and an untuned small model. A scorer
 * belongs to one prompt and one search, and is called from the searching thread only.
 */
public interface CandidateScorer extends AutoCloseable {

  /**
   * Scores candidates; called at most once a round, so that all can go through as one batch.
   *
   * @param candidates the round's new candidates, distinct and at least one; hypotheses of earlier
   *     rounds keep their score
   * @return for each candidate, in order, its score in nats, higher is better; NaN for one that
   *     cannot be scored, for instance because it is too long for a small model: that one alone is
   *     dropped
   * @throws PositionsExhaustedException if all candidates are too long for a small model
   */
  double[] score(List<Candidate> candidates);

  /** Tokens run through small models since the scorer was opened; true also after a failure. */
  long tokensRun();

  /** Frees what the scorer holds. Called by whoever opened it, never by the search. */
  @Override
  void close();

  /** Stands in where there is nothing to choose, and so nobody asks. */
  static CandidateScorer none() {
    return NoScorer.INSTANCE;
  }
}
