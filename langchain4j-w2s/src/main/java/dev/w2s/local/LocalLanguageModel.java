// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.Rendered;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CausalModel} as a LangChain4j {@link LanguageModel}: it continues the prompt.
 *
 * <p>The model stays the caller's, who closes it.
 *
 * @param source gives the model with each call
 * @param sampling how tokens are drawn
 * @param maxTokens most tokens of a response
 * @param seed same seed and prompt, same text; null draws a new one for each call
 */
public record LocalLanguageModel(
    Supplier<CausalModel> source, SamplingParameters sampling, int maxTokens, @Nullable Long seed)
    implements LanguageModel {

  /**
   * @throws IllegalArgumentException if maxTokens is below 1
   */
  public LocalLanguageModel {
    requireNonNull(source, "source");
    requireNonNull(sampling, "sampling");
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + "; it must be at least 1");
    }
  }

  /**
   * Of a model that is loaded.
   *
   * @throws IllegalArgumentException if maxTokens is below 1
   */
  public LocalLanguageModel(
      CausalModel model, SamplingParameters sampling, int maxTokens, @Nullable Long seed) {
    this(always(model), sampling, maxTokens, seed);
  }

  private static Supplier<CausalModel> always(CausalModel model) {
    requireNonNull(model, "model");
    return () -> model;
  }

  /** The model. */
  public CausalModel model() {
    return source.get();
  }

  /**
   * Continues a prompt.
   *
   * @return the text without the prompt, the tokens used, and STOP or LENGTH
   * @throws IllegalArgumentException if the prompt is empty
   * @throws dev.w2s.model.PositionLimitException if the prompt is longer than the model's positions
   */
  @Override
  public Response<String> generate(String prompt) {
    return generation(prompt).whole().response();
  }

  Generation generation(String prompt) {
    return new Generation(model(), Rendered.raw(prompt), sampling, maxTokens, seed);
  }
}
