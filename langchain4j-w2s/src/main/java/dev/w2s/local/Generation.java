// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import dev.w2s.model.CausalModel;
import dev.w2s.model.GenerationSession;
import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.Rendered;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One response to be drawn.
 *
 * @param prompt as the model reads it
 * @param maxTokens most tokens of the response
 * @param seed null draws a new one
 */
record Generation(
    CausalModel model,
    Rendered prompt,
    SamplingParameters sampling,
    int maxTokens,
    @Nullable Long seed) {

  /** Draws the whole response at once. */
  LocalAnswer whole() {
    try (GenerationSession session = open()) {
      return answer(session, draw(session, session.start(), maxTokens));
    }
  }

  /**
   * Draws the response token by token, which gives the same text.
   *
   * @param out takes each piece of text, none of them empty, as soon as it cannot change any more
   * @param cancelled asked before each token
   * @return what was drawn when it was cancelled, else the whole response
   */
  LocalAnswer streamed(Consumer<String> out, BooleanSupplier cancelled) {
    try (GenerationSession session = open()) {
      Continuation response = session.start();
      int sent = 0;
      do {
        response = draw(session, response, 1);
        sent = send(response.text(), sent, out);
      } while (response.ending() == Ending.LIMIT
          && session.tokensDrawn() < maxTokens
          && !cancelled.getAsBoolean());
      if (!cancelled.getAsBoolean()) {
        send(response.wholeText(), sent, out);
      }
      return answer(session, response);
    }
  }

  private GenerationSession open() {
    long drawn = seed == null ? ThreadLocalRandom.current().nextLong() : seed;
    return model.openGeneration(prompt, sampling, drawn);
  }

  private static Continuation draw(GenerationSession session, Continuation from, int tokens) {
    return session.extend(List.of(new Extension(from, 1, tokens))).get(0).get(0);
  }

  private static int send(String text, int sent, Consumer<String> out) {
    if (text.length() > sent) {
      out.accept(text.substring(sent));
    }
    return text.length();
  }

  private static LocalAnswer answer(GenerationSession session, Continuation response) {
    boolean ended =
        response.ending() == Ending.END_OF_SEQUENCE || response.ending() == Ending.STOP_STRING;
    return new LocalAnswer(
        response.wholeText(),
        ended,
        session.promptTokens(),
        Math.toIntExact(session.tokensDrawn()));
  }
}
