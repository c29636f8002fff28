// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.model.language.LanguageModel;
import dev.w2s.guidance.Pair;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.ChunkCutter;
import dev.w2s.sampling.LanguageModelOptions;
import dev.w2s.sampling.LargeModel;
import dev.w2s.sampling.SamplingRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of both decorators of language models take beside {@link GuidanceBuilder}'s.
 *
 * @param <B> the builder itself
 */
public abstract class LanguageGuidanceBuilder<B extends LanguageGuidanceBuilder<B>>
    extends GuidanceBuilder<B> {
  private @Nullable LanguageModel delegate;
  private @Nullable LargeModel largeModel;
  private @Nullable PromptFormat promptFormat;
  private @Nullable ChunkCutter chunkCutter;
  private @Nullable Integer concurrency;

  LanguageGuidanceBuilder() {}

  /**
   * The frozen large model. The project's own {@link dev.w2s.local.LocalLanguageModel} is sampled
   * in one batch a round; of any other the answer is cut after a chunk's tokens.
   */
  public B delegate(LanguageModel delegate) {
    this.delegate = delegate;
    return self();
  }

  /**
   * The frozen large model in place of a delegate, if it is no LangChain4j model: {@link
   * dev.w2s.sampling.OpenAiCompatible}, or one of your own. How it sees a prompt, and how many
   * calls it makes at a time, is set in its own builder.
   */
  public B largeModel(LargeModel largeModel) {
    this.largeModel = largeModel;
    return self();
  }

  /**
   * How the large model sees a prompt, for example {@code Here is a movie review: {{prompt}}}; by
   * default, and for null, as it is.
   *
   * @throws IllegalArgumentException if the template's only variable is not {@code {{prompt}}}
   */
  public B promptTemplate(@Nullable String template) {
    return promptFormat(template == null ? null : PromptFormat.template(template));
  }

  /** How the large model sees a prompt; as it is by default, and for null. */
  public B promptFormat(@Nullable PromptFormat format) {
    promptFormat = format;
    return self();
  }

  /** Measures chunks of a delegate that is not local; by default the first pair's tokenizer. */
  public B chunkCutter(@Nullable ChunkCutter chunkCutter) {
    this.chunkCutter = chunkCutter;
    return self();
  }

  /**
   * Calls at a time, over all searches, of a delegate that is not local; 1 by default. More need a
   * model that is safe for use by several threads.
   */
  public B concurrency(@Nullable Integer concurrency) {
    this.concurrency = concurrency;
    return self();
  }

  /** How the large model sees a prompt. */
  PromptFormat shown() {
    return requireNonNullElse(promptFormat, PromptFormat.raw());
  }

  GuidedText guidedText() {
    LargeModel large = largeModel == null ? ofDelegate() : own(largeModel);
    SamplingRequest request = samplingRequest();
    large.check(request);
    return new GuidedText(large, guidance(large.maxTokens()), request, listener(), guidedWhile());
  }

  private LargeModel ofDelegate() {
    if (delegate == null) {
      throw new IllegalArgumentException("delegate is missing; it must be given");
    }
    Pair pair = firstPair();
    return LargeModel.of(
        delegate,
        new LanguageModelOptions(
            shown(),
            chunkCutter,
            pair == null ? null : ChunkCutter.of(pair::tokenizer),
            concurrency));
  }

  /** What it would not be told is refused. */
  private LargeModel own(LargeModel large) {
    refuse("delegate", delegate, large);
    refuse("promptFormat", promptFormat, large);
    refuse("chunkCutter", chunkCutter, large);
    refuse("concurrency", concurrency, large);
    return large;
  }
}
