// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.PositionLimitException;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The score of weak-to-strong search: log-probability under the tuned model minus log-probability
 * under the untuned one, in nats, not divided by the length (Zhou et al. 2024, section 4.1).
 */
final class LogRatioScorer implements CandidateScorer {
  private final PairSession session;

  /** Takes over a session. */
  LogRatioScorer(PairSession session) {
    this.session = session;
  }

  @Override
  public double[] score(List<Candidate> candidates) {
    List<Response> responses =
        candidates.stream().map(c -> new Response(c.text(), c.ended())).toList();
    try {
      return session.score(responses).stream().mapToDouble(PairScore::logRatio).toArray();
    } catch (PositionLimitException e) {
      return scoreThoseThatFit(responses, e);
    }
  }

  /** One that is too long is no reason to give up on the others. */
  private double[] scoreThoseThatFit(List<Response> responses, PositionLimitException tooLong) {
    List<Boolean> fit = session.fit(responses);
    int[] fitting = IntStream.range(0, responses.size()).filter(fit::get).toArray();
    if (fitting.length == 0) {
      throw new PositionsExhaustedException(
          "a small model is full: " + tooLong.getMessage(), tooLong);
    }
    List<PairScore> scores =
        session.score(Arrays.stream(fitting).mapToObj(responses::get).toList());
    double[] nats = new double[responses.size()];
    Arrays.fill(nats, Double.NaN);
    for (int i = 0; i < fitting.length; i++) {
      nats[fitting[i]] = scores.get(i).logRatio();
    }
    return nats;
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
