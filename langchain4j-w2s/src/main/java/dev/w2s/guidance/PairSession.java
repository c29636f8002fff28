// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores responses to one prompt under both models of a pair, whose caches live as long as the
 * session. For one thread at a time.
 */
public final class PairSession implements AutoCloseable {
  private final ScoringSession tuned;
  private final ScoringSession untuned;

  /** Takes over a session of each model. */
  PairSession(ScoringSession tuned, ScoringSession untuned) {
    this.tuned = tuned;
    this.untuned = untuned;
  }

  /**
   * Scores responses.
   *
   * @return one score for each, in order
   * @throws dev.w2s.model.PositionLimitException if one is too long for a model
   */
  public List<PairScore> score(List<Response> responses) {
    List<Score> byTuned = tuned.score(responses);
    List<Score> byUntuned = untuned.score(responses);
    List<PairScore> scores = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      scores.add(
          new PairScore(
              byTuned.get(i).logProbability(),
              byUntuned.get(i).logProbability(),
              byTuned.get(i).tokens()));
    }
    return scores;
  }

  /** For each response, in order, whether both models have positions enough. */
  public List<Boolean> fit(List<Response> responses) {
    List<Boolean> inTuned = tuned.fit(responses);
    List<Boolean> inUntuned = untuned.fit(responses);
    return IntStream.range(0, responses.size())
        .mapToObj(i -> inTuned.get(i) && inUntuned.get(i))
        .toList();
  }

  /** Tokens run through both models so far, the prompt's included. */
  public long tokensRun() {
    return tuned.tokensRun() + untuned.tokensRun();
  }

  @Override
  public void close() {
    try (tuned;
        untuned) {
      // closes both, whatever the first one throws
    }
  }
}
