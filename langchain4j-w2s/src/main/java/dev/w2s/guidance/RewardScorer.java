// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.ClassificationSession;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Scores by a classifier's outputs.
 *
 * @param session owned
 * @param shown what the classifier reads of a response, null if there is nothing to read
 * @param reward of its logits
 */
record RewardScorer(
    ClassificationSession session,
    Function<Candidate, @Nullable Rendered> shown,
    ToDoubleFunction<double[]> reward)
    implements OnDevice {

  @Override
  public double[] score(List<Candidate> candidates) {
    double[] scores = new double[candidates.size()];
    List<Integer> read = new ArrayList<>();
    List<Rendered> texts = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      Rendered text = shown.apply(candidates.get(i));
      if (text != null) {
        read.add(i);
        texts.add(text);
      }
    }
    if (!texts.isEmpty()) {
      double[] rewards = new FittingScores<>(this::rewards, session::fit).of(texts);
      for (int i = 0; i < rewards.length; i++) {
        scores[read.get(i)] = rewards[i];
      }
    }
    return scores;
  }

  private double[] rewards(List<Rendered> texts) {
    return session.logits(texts).stream().mapToDouble(reward).toArray();
  }

  @Override
  public String device() {
    return session.device();
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
