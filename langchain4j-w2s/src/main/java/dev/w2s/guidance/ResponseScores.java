// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import java.util.List;
import java.util.function.Supplier;

/** Scores responses under one model, for one prompt or for several; for one thread at a time. */
interface ResponseScores extends AutoCloseable {

  /**
   * Scores responses to each prompt.
   *
   * @return for each prompt, in order, a score for each response, in order
   * @throws dev.w2s.model.PositionLimitException if one is too long for the model
   */
  List<List<Score>> scoreEach(List<Response> responses);

  /**
   * Whether a prepared call only waits, so that another model may work beside it.
   *
   * @see #prepare
   */
  default boolean waits() {
    return false;
  }

  /** Where it works: two on one device only get in each other's way. */
  default String device() {
    return "";
  }

  /**
   * Does what is bound to this thread, and leaves the rest to be called from any.
   *
   * @return what {@link #scoreEach} returns and throws
   */
  default Supplier<List<List<Score>>> prepare(List<Response> responses) {
    return () -> scoreEach(responses);
  }

  /** For each response, in order, whether the model has positions enough. */
  List<Boolean> fit(List<Response> responses);

  /** Tokens run through the model so far, the prompt's included. */
  long tokensRun();

  @Override
  void close();

  /** Of a model in this process. */
  record Local(ScoringSession session) implements ResponseScores {
    @Override
    public List<List<Score>> scoreEach(List<Response> responses) {
      return session.scoreEach(responses);
    }

    @Override
    public String device() {
      return session.device();
    }

    @Override
    public Supplier<List<List<Score>>> prepare(List<Response> responses) {
      return session.prepareEach(responses);
    }

    @Override
    public List<Boolean> fit(List<Response> responses) {
      return session.fit(responses);
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
}
