// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.ChunkCutter;
import dev.w2s.sampling.LanguageModelOptions;
import dev.w2s.sampling.LargeModel;
import dev.w2s.sampling.SamplingRequest;
import dev.w2s.search.Cancellation;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any {@link LanguageModel}, steered by one or several pairs of small models or other guides:
 * chunk-level beam search (Zhou et al. 2024, arXiv 2405.19262) draws chunks of text from the model
 * and keeps those that the guides favour. The model itself is not changed.
 *
 * <pre>{@code
 * try (GuidancePair positive =
 *     GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
 *   LanguageModel guided =
 *       WeakToStrongLanguageModel.builder()
 *           .delegate(anyLanguageModel)
 *           .pair(positive)
 *           .beamWidth(4).successors(4).chunkLength(5).maxTokens(50)
 *           .build();
 *   System.out.println(guided.generate("This movie was").content());
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads if the delegate is. Pairs and delegate stay the caller's, who
 * closes them when no call is under way any more.
 */
public final class WeakToStrongLanguageModel implements LanguageModel {
  private final GuidedModel model;
  private final Guidance guidance;
  private final SamplingRequest request;
  private final SearchListener listener;

  private WeakToStrongLanguageModel(
      GuidedModel model, Guidance guidance, SamplingRequest request, SearchListener listener) {
    this.model = model;
    this.guidance = guidance;
    this.request = request;
    this.listener = listener;
  }

  /** A builder with the paper's defaults: W, K, L = 4, 4, 5. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Searches for the best response and returns it.
   *
   * @param prompt raw; the delegate and each pair see it in their own format
   * @return the response without the prompt; the tokens that the delegate reports for all its
   *     calls; STOP if the response ended, else LENGTH if a limit or budget cut the search, OTHER
   *     if it failed or was cancelled after a round. The metadata hold {@code w2s.score} (nats,
   *     absent where there was nothing to choose), {@code w2s.stopReason} and {@code w2s.rounds}.
   * @throws IllegalArgumentException if the prompt is empty
   * @throws dev.w2s.model.PositionLimitException if the prompt is longer than a local model's
   *     positions
   * @throws RuntimeException what the delegate throws if no call of the first round succeeds, as it
   *     is; later the best response so far is returned and the failure logged
   */
  @Override
  public Response<String> generate(String prompt) {
    GuidedAnswer answer = answer(prompt, List.of(listener), new Cancellation());
    return new Response<>(answer.text(), answer.billed(), answer.finishReason(), answer.metadata());
  }

  /**
   * Searches and returns everything found: all hypotheses with their scores, and the cost.
   *
   * @throws IllegalArgumentException and others as {@link #generate(String)} does
   */
  public SearchResult search(String prompt) {
    return search(prompt, SearchListener.none(), new Cancellation());
  }

  /**
   * Searches and returns everything found.
   *
   * @param listener told of every round, after the one that the model was built with; a {@link
   *     dev.w2s.search.Trace} keeps them
   * @param cancellation cancels the search from any thread
   * @throws java.util.concurrent.CancellationException if it is cancelled in the first round
   * @throws IllegalArgumentException and others as {@link #generate(String)} does
   */
  public SearchResult search(String prompt, SearchListener listener, Cancellation cancellation) {
    return answer(prompt, List.of(this.listener, listener), cancellation).result();
  }

  private GuidedAnswer answer(String prompt, List<SearchListener> told, Cancellation cancellation) {
    return model.answer(Prompt.of(prompt), guidance, request, told, cancellation);
  }

  /**
   * Builds a {@link WeakToStrongLanguageModel}; the delegate is required, and a guide to choose.
   */
  public static final class Builder extends GuidanceBuilder<Builder> {
    private @Nullable LanguageModel delegate;
    private PromptFormat promptFormat = PromptFormat.raw();
    private @Nullable ChunkCutter chunkCutter;
    private @Nullable Integer concurrency;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * The frozen large model. The project's own {@link dev.w2s.model.LocalLanguageModel} is sampled
     * in one batch a round; of any other the answer is cut after a chunk's tokens.
     */
    public Builder delegate(LanguageModel delegate) {
      this.delegate = delegate;
      return this;
    }

    /**
     * How the large model sees a prompt, for example {@code Here is a movie review: {{prompt}}}; by
     * default, and for null, as it is.
     *
     * @throws IllegalArgumentException if the template's only variable is not {@code {{prompt}}}
     */
    public Builder promptTemplate(@Nullable String template) {
      promptFormat = template == null ? PromptFormat.raw() : PromptFormat.template(template);
      return this;
    }

    /** Measures chunks of a delegate that is not local; by default the first pair's tokenizer. */
    public Builder chunkCutter(@Nullable ChunkCutter chunkCutter) {
      this.chunkCutter = chunkCutter;
      return this;
    }

    /**
     * Calls at a time, over all searches, of a delegate that is not local; 1 by default. More need
     * a model that is safe for use by several threads.
     */
    public Builder concurrency(@Nullable Integer concurrency) {
      this.concurrency = concurrency;
      return this;
    }

    /**
     * Builds the model.
     *
     * @throws IllegalArgumentException if a value is out of range; if the delegate is missing; if
     *     there is no guide although there is something to choose; if a sampling parameter or
     *     option is set that the delegate cannot be given
     */
    public WeakToStrongLanguageModel build() {
      if (delegate == null) {
        throw new IllegalArgumentException("delegate is missing; it must be given");
      }
      GuidancePair pair = firstPair();
      LargeModel large =
          LargeModel.of(
              delegate,
              new LanguageModelOptions(
                  promptFormat,
                  chunkCutter,
                  pair == null ? null : ChunkCutter.of(pair.tokenizer()),
                  concurrency));
      SamplingRequest request = samplingRequest();
      large.check(request);
      return new WeakToStrongLanguageModel(
          new GuidedModel(large), guidance(large), request, listener());
    }
  }
}
