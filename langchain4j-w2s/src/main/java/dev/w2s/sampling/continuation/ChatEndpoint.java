// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import dev.w2s.server.Completions.Answer;
import dev.w2s.server.ServerException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chat model as continuations are asked of it. Safe for use by several threads. */
public interface ChatEndpoint {

  /** The ways in which it can be asked to go on, in the order to try. */
  List<Continuation> ways();

  /**
   * Asks.
   *
   * @return choices of one conversation, {@link Ask#draws()} or fewer
   * @throws ServerException with the status 400 or 422 if it is refused
   * @throws RuntimeException if there is no answer
   */
  Answer answer(Ask ask);

  /**
   * What is asked.
   *
   * @param given the answer so far; empty at its beginning, where all ways are one
   * @param way to go on
   * @param draws choices, at least 1
   * @param maxTokens most tokens of each, at least 1; null for the model's own limit
   * @param seed of this request; null for none
   */
  record Ask(
      String given,
      Continuation way,
      int draws,
      @Nullable Integer maxTokens,
      @Nullable Long seed) {}
}
