// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Cancellation;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;

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
  private final GuidedText model;

  private WeakToStrongLanguageModel(GuidedText model) {
    this.model = model;
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
    return model.answer(Prompt.of(prompt), SearchListener.none(), new Cancellation()).response();
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
    return search(Prompt.of(prompt), listener, cancellation);
  }

  /**
   * Searches and returns everything found, for a raw prompt or a conversation.
   *
   * @throws IllegalArgumentException if the large model or a guide cannot be shown such a prompt,
   *     and others as {@link #generate(String)} does
   */
  public SearchResult search(Prompt prompt, SearchListener listener, Cancellation cancellation) {
    return model.answer(prompt, listener, cancellation).result();
  }

  /**
   * Builds a {@link WeakToStrongLanguageModel}; the delegate is required, and a guide to choose.
   */
  public static final class Builder extends LanguageGuidanceBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
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
      return new WeakToStrongLanguageModel(guidedText());
    }
  }
}
