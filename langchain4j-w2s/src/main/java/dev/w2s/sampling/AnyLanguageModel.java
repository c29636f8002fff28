// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.language.LanguageModel;
import dev.w2s.model.StopStrings;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.sampling.calls.ParallelCalls;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Any LangChain4j language model as large model: it takes a text and nothing else. */
final class AnyLanguageModel implements LargeModel {
  private final LanguageModel model;
  private final PromptFormat format;
  private final ChunkCutter cutter;
  private final ParallelCalls calls;

  AnyLanguageModel(LanguageModel model, LanguageModelOptions options) {
    this.model = model;
    this.format = options.format();
    this.cutter = cutter(options);
    this.calls = new ParallelCalls(Objects.requireNonNullElse(options.concurrency(), 1), null);
  }

  private static ChunkCutter cutter(LanguageModelOptions options) {
    ChunkCutter cutter =
        options.chunkCutter() != null ? options.chunkCutter() : options.defaultCutter();
    if (cutter == null) {
      throw new IllegalArgumentException("chunkCutter is missing; without a pair it must be given");
    }
    return cutter;
  }

  @Override
  public MeteredSampler open(Prompt prompt, SamplingRequest request) {
    return new LanguageModelSampler(
        model, format.render(prompt).text(), cutter, stopStrings(request), calls);
  }

  private static StopStrings stopStrings(SamplingRequest request) {
    return new StopStrings(Objects.requireNonNullElse(request.stop(), List.of()));
  }

  /** A LangChain4j language model takes no parameters with a call; nothing is silently ignored. */
  @Override
  public void check(SamplingRequest request) {
    refuse("temperature", request.temperature());
    refuse("topK", request.topK());
    refuse("topP", request.topP());
    refuse("seed", request.seed());
    stopStrings(request);
  }

  private void refuse(String parameter, @Nullable Object value) {
    if (value != null) {
      throw new IllegalArgumentException(
          "%s is %s; a delegate of type %s takes none with a call, so set it there"
              .formatted(parameter, value, model.getClass().getName()));
    }
  }
}
