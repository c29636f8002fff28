// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.Steering;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import dev.w2s.sampling.calls.MeteredSampler;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A model in this process as large model; what nobody asks for is as the model has it. */
final class LocalLargeModel implements LargeModel {
  private final LocalLanguageModel model;
  private final PromptFormat format;
  private final @Nullable Function<Prompt, Steering> steering;

  LocalLargeModel(LocalLanguageModel model, LanguageModelOptions options) {
    this(model, options.format(), null);
    refuse("chunkCutter", options.chunkCutter());
    refuse("concurrency", options.concurrency());
  }

  /**
   * @param steering what steers it for a prompt; null for nothing
   */
  LocalLargeModel(
      LocalLanguageModel model,
      PromptFormat format,
      @Nullable Function<Prompt, Steering> steering) {
    this.model = model;
    this.format = format;
    this.steering = steering;
  }

  static void refuse(String option, @Nullable Object value) {
    if (value != null) {
      throw new IllegalArgumentException(
          option
              + " is "
              + value
              + "; a model in this process takes none: it draws a round in one batch, by its own"
              + " tokens");
    }
  }

  @Override
  public MeteredSampler open(Prompt prompt, SamplingRequest request) {
    Long wanted = request.seed() != null ? request.seed() : model.seed();
    long seed = wanted != null ? wanted : ThreadLocalRandom.current().nextLong();
    CausalModel large = model.model();
    Rendered rendered = format.render(prompt);
    SamplingParameters parameters = parameters(request);
    return steering == null
        ? LocalModelSampler.open(large, rendered, parameters, seed)
        : LocalModelSampler.open(large, rendered, parameters, seed, steering.apply(prompt));
  }

  private SamplingParameters parameters(SamplingRequest request) {
    SamplingParameters own = model.sampling();
    Double temperature = request.temperature();
    Integer topK = request.topK();
    Double topP = request.topP();
    List<String> stop = request.stop();
    return new SamplingParameters(
        temperature != null ? temperature : own.temperature(),
        topK != null ? topK : own.topK(),
        topP != null ? topP : own.topP(),
        own.frequencyPenalty(),
        own.presencePenalty(),
        stop != null ? stop : own.stop());
  }

  @Override
  public void check(SamplingRequest request) {
    parameters(request);
  }

  @Override
  public Integer maxTokens() {
    return model.maxTokens();
  }
}
