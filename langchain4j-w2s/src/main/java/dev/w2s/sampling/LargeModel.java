// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.language.LanguageModel;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.Steering;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.calls.MeteredSampler;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The frozen large model: opens a sampler for each search. Safe for use by several threads. */
public interface LargeModel {

  /**
   * Opens a sampler for one search.
   *
   * @param prompt shown to the model in the model's own format
   * @param request how to draw
   * @return to be closed by the caller
   * @throws IllegalArgumentException if the model cannot be shown such a prompt
   * @throws dev.w2s.model.PositionLimitException if the prompt is longer than a local model's
   *     positions
   */
  MeteredSampler open(Prompt prompt, SamplingRequest request);

  /**
   * Says early what cannot be done.
   *
   * @throws IllegalArgumentException if the model cannot draw as requested; the message names the
   *     parameter, its value and what to do instead
   */
  default void check(SamplingRequest request) {}

  /** Most tokens of a response where nobody says otherwise; null where it is not known. */
  default @Nullable Integer maxTokens() {
    return null;
  }

  /**
   * Any LangChain4j model. The project's own {@link LocalLanguageModel} is sampled in one batch a
   * round; of any other the answer is cut after a chunk's tokens.
   *
   * @throws IllegalArgumentException if an option does not fit the model, or a needed one is
   *     missing
   */
  static LargeModel of(LanguageModel model, LanguageModelOptions options) {
    return model instanceof LocalLanguageModel local
        ? new LocalLargeModel(local, options)
        : new AnyLanguageModel(model, options);
  }

  /**
   * A model in this process whose every token is steered while it is drawn.
   *
   * @param format how it sees a prompt
   * @param steering of a prompt; its models have the large one's tokens
   */
  static LargeModel steered(
      LocalLanguageModel model, PromptFormat format, Function<Prompt, Steering> steering) {
    return new LocalLargeModel(model, format, steering);
  }
}
