// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.prompt.Rendered;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CausalModel} as a LangChain4j {@link LanguageModel}: it continues the prompt.
 *
 * <p>The model stays the caller's, who closes it.
 *
 * @param model the model
 * @param sampling how tokens are drawn
 * @param maxTokens most tokens of a response
 * @param seed same seed and prompt, same text; null draws a new one for each call
 */
public record LocalLanguageModel(
    CausalModel model, SamplingParameters sampling, int maxTokens, @Nullable Long seed)
    implements LanguageModel {

  /**
   * @throws IllegalArgumentException if maxTokens is below 1
   */
  public LocalLanguageModel {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(sampling, "sampling");
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + "; it must be at least 1");
    }
  }

  /**
   * Continues a prompt.
   *
   * @return the text without the prompt, the tokens used, and STOP or LENGTH
   * @throws IllegalArgumentException if the prompt is empty
   * @throws PositionLimitException if the prompt is longer than the model's positions
   */
  @Override
  public Response<String> generate(String prompt) {
    long drawnSeed = seed == null ? ThreadLocalRandom.current().nextLong() : seed;
    try (GenerationSession session =
        model.openGeneration(Rendered.raw(prompt), sampling, drawnSeed)) {
      Extension whole = new Extension(session.start(), 1, maxTokens);
      Continuation response = session.extend(List.of(whole)).get(0).get(0);
      boolean ended =
          response.ending() == Ending.END_OF_SEQUENCE || response.ending() == Ending.STOP_STRING;
      return Response.from(
          response.wholeText(),
          new TokenUsage(session.promptTokens(), response.drawn()),
          ended ? FinishReason.STOP : FinishReason.LENGTH);
    }
  }
}
