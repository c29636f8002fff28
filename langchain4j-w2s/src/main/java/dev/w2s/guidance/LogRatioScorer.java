// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.ScoringSession.Response;
import dev.w2s.search.Candidate;
import java.util.List;

/**
 * The score of weak-to-strong search: log-probability under the tuned model minus log-probability
 * under the untuned one, in nats, not divided by the length (Zhou et al. 2024, section 4.1).
 */
final class LogRatioScorer implements OnDevice {
  private final PairSession session;

  /** Takes over a session. */
  LogRatioScorer(PairSession session) {
    this.session = session;
  }

  @Override
  public double[] score(List<Candidate> candidates) {
    return new FittingScores<>(this::logRatios, session::fit)
        .of(candidates.stream().map(c -> new Response(c.text(), c.ended())).toList());
  }

  private double[] logRatios(List<Response> responses) {
    return session.score(responses).stream().mapToDouble(PairScore::logRatio).toArray();
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
