// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.ClassificationSession;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Scores by a classifier's outputs.
 *
 * @param session owned
 * @param shown what the classifier reads of a response
 * @param reward of its logits
 */
record RewardScorer(
    ClassificationSession session,
    Function<Candidate, Rendered> shown,
    ToDoubleFunction<double[]> reward)
    implements CandidateScorer {

  /** One that is too long is no reason to give up on the others. */
  @Override
  public double[] score(List<Candidate> candidates) {
    List<Rendered> texts = candidates.stream().map(shown).toList();
    int[] fitting =
        IntStream.range(0, texts.size()).filter(i -> session.fits(texts.get(i))).toArray();
    if (fitting.length == 0) {
      throw new PositionsExhaustedException("the reward model is full");
    }
    List<double[]> logits = session.logits(Arrays.stream(fitting).mapToObj(texts::get).toList());
    double[] scores = new double[texts.size()];
    Arrays.fill(scores, Double.NaN);
    for (int i = 0; i < fitting.length; i++) {
      scores[fitting[i]] = reward.applyAsDouble(logits.get(i));
    }
    return scores;
  }

  @Override
  public long tokensRun() {
    return session.tokensRun();
  }

  @Override
  public void close() {
    session.close();
  }
}
