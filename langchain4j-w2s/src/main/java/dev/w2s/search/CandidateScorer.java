// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Judges responses so far, usually by the log-ratio of a tuned and an untuned small model. A scorer
 * belongs to one prompt and one search, and is called from the searching thread only.
 */
public interface CandidateScorer extends AutoCloseable {

  /**
   * Scores candidates; called at most once a round, so that all can go through as one batch.
   *
   * @param candidates the round's new candidates, distinct and not empty; those carried over from
   *     earlier rounds keep their score
   * @return one finite score for each candidate, in order
   * @throws PositionsExhaustedException if a candidate is too long for a small model
   */
  Scores score(List<Candidate> candidates);

  /** Frees what the scorer holds. Called by whoever opened it, never by the search. */
  @Override
  void close();

  /**
   * The answer of one scorer call.
   *
   * @param nats one score for each candidate, in order, in nats; higher is better
   * @param tokens tokens run through the small models for this call, not negative
   */
  record Scores(List<Double> nats, long tokens) {

    /**
     * Checks and copies the components.
     *
     * @throws IllegalArgumentException if a score is null or tokens is negative
     */
    public Scores {
      requireNonNull(nats, "nats");
      for (int i = 0; i < nats.size(); i++) {
        if (nats.get(i) == null) {
          throw new IllegalArgumentException("nats[" + i + "] is null, must be a number");
        }
      }
      nats = List.copyOf(nats);
      if (tokens < 0) {
        throw new IllegalArgumentException("tokens is " + tokens + ", must not be negative");
      }
    }
  }
}
