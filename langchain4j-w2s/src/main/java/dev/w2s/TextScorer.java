// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.List;
import java.util.function.Predicate;

/**
 * Spares the guides what is no text, such as a call of tools. A sampler returns it only where it
 * has nothing else, so that there is nothing to choose.
 *
 * @param scorer of texts
 * @param isText what it can be shown
 */
record TextScorer(CandidateScorer scorer, Predicate<Candidate> isText) implements CandidateScorer {

  @Override
  public double[] score(List<Candidate> candidates) {
    return candidates.stream().allMatch(isText)
        ? scorer.score(candidates)
        : new double[candidates.size()];
  }

  @Override
  public long tokensRun() {
    return scorer.tokensRun();
  }

  @Override
  public void close() {
    scorer.close();
  }
}
