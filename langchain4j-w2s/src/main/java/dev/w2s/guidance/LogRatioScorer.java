// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.PositionLimitException;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The score of weak-to-strong search: the sum over pairs of weight times (log-probability under the
 * tuned model minus log-probability under the untuned one), in nats, not divided by the length
 * (Zhou et al. 2024, section 4.1).
 */
public final class LogRatioScorer implements CandidateScorer {
  private record OpenPair(PairSession session, double weight) {}

  private final List<OpenPair> pairs = new ArrayList<>();

  /**
   * Opens a scorer for one search.
   *
   * @param pairs at least one; they stay the caller's
   * @param prompt each pair sees it in its own format
   * @throws IllegalArgumentException if there is no pair, or one cannot be shown the prompt
   * @throws PositionLimitException if the prompt is longer than a model's positions
   */
  public LogRatioScorer(List<WeightedPair> pairs, Prompt prompt) {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("pairs is empty; a score needs at least one pair");
    }
    try {
      for (WeightedPair pair : pairs) {
        this.pairs.add(new OpenPair(pair.pair().open(prompt), pair.weight()));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  @Override
  public Scores score(List<Candidate> candidates) {
    List<Response> responses =
        candidates.stream().map(c -> new Response(c.text(), c.ended())).toList();
    long before = tokensRun();
    double[] nats = new double[candidates.size()];
    try {
      for (OpenPair pair : pairs) {
        List<PairScore> scores = pair.session().score(responses);
        for (int i = 0; i < nats.length; i++) {
          nats[i] += pair.weight() * scores.get(i).logRatio();
        }
      }
    } catch (PositionLimitException e) {
      throw new PositionsExhaustedException("a small model is full: " + e.getMessage(), e);
    }
    return new Scores(Arrays.stream(nats).boxed().toList(), tokensRun() - before);
  }

  private long tokensRun() {
    return pairs.stream().mapToLong(pair -> pair.session().tokensRun()).sum();
  }

  @Override
  public void close() {
    pairs.forEach(pair -> pair.session().close());
  }
}
