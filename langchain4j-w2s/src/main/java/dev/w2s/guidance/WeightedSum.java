// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.ArrayList;
import java.util.List;

/** Several guides as one: the score is the sum of weight times score, in nats. */
public final class WeightedSum implements CandidateScorer {
  private record Term(CandidateScorer scorer, double weight) {}

  private final List<Term> terms;

  private WeightedSum(List<Term> terms) {
    this.terms = terms;
  }

  /**
   * Opens the guides' scorers for one search.
   *
   * @param guides at least one
   * @param prompt each guide is shown it in its own format
   * @throws IllegalArgumentException if there is no guide, or one cannot be shown the prompt
   * @throws dev.w2s.model.PositionLimitException if the prompt is longer than a model's positions
   */
  public static WeightedSum open(List<WeightedGuide> guides, Prompt prompt) {
    if (guides.isEmpty()) {
      throw new IllegalArgumentException("guides is empty; a score needs at least one guide");
    }
    WeightedSum sum = new WeightedSum(new ArrayList<>());
    try {
      for (WeightedGuide guide : guides) {
        sum.terms.add(new Term(guide.guide().open(prompt), guide.weight()));
      }
      return sum;
    } catch (RuntimeException | Error e) {
      sum.close();
      throw e;
    }
  }

  /** The sums; a candidate that one guide cannot score has none. */
  @Override
  public double[] score(List<Candidate> candidates) {
    double[] nats = new double[candidates.size()];
    for (Term term : terms) {
      double[] scores = term.scorer().score(candidates);
      if (scores.length != nats.length) {
        throw new IllegalStateException(
            "a guide returned %d scores for %d candidates, must return one for each"
                .formatted(scores.length, nats.length));
      }
      for (int i = 0; i < nats.length; i++) {
        nats[i] += term.weight() * scores[i];
      }
    }
    return nats;
  }

  @Override
  public long tokensRun() {
    return terms.stream().mapToLong(term -> term.scorer().tokensRun()).sum();
  }

  /** Closes all, whatever one of them throws; the first exception is thrown on. */
  @Override
  public void close() {
    RuntimeException first = null;
    for (Term term : terms) {
      try {
        term.scorer().close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
