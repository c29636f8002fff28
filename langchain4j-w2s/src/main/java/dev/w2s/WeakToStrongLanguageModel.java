// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.guidance.LogRatioScorer;
import dev.w2s.guidance.WeightedPair;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import dev.w2s.sampling.MeteredSampler;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.ChunkBeamSearch;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any {@link LanguageModel}, steered by one or several pairs of small models: chunk-level beam
 * search (Zhou et al. 2024, arXiv 2405.19262) draws chunks of text from the model and keeps those
 * that the pairs favour. The model itself is not changed.
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
  private static final Logger LOG = LoggerFactory.getLogger(WeakToStrongLanguageModel.class);

  private final SamplerOpener sampler;
  private final List<WeightedPair> pairs;
  private final PromptFormat promptFormat;
  private final SearchSettings settings;
  private final SearchListener listener;

  /** How the delegate is sampled. */
  @FunctionalInterface
  interface SamplerOpener {
    /** A sampler for one search, for a prompt as the delegate sees it. */
    MeteredSampler open(Rendered prompt);
  }

  WeakToStrongLanguageModel(
      SamplerOpener sampler,
      List<WeightedPair> pairs,
      PromptFormat promptFormat,
      SearchSettings settings,
      SearchListener listener) {
    this.sampler = sampler;
    this.pairs = List.copyOf(pairs);
    this.promptFormat = promptFormat;
    this.settings = settings;
    this.listener = listener;
  }

  /** A builder with the paper's defaults: W, K, L = 4, 4, 5. */
  public static WeakToStrongLanguageModelBuilder builder() {
    return new WeakToStrongLanguageModelBuilder();
  }

  /**
   * Searches for the best response and returns it.
   *
   * @param prompt raw; the delegate and each pair see it in their own format
   * @return the response without the prompt; the tokens that the delegate reports for all its
   *     calls; STOP if the response ended, LENGTH if a limit or budget cut the search, OTHER if it
   *     failed or was cancelled after a round. The metadata hold {@code w2s.score} (nats), {@code
   *     w2s.stopReason} and {@code w2s.rounds}.
   * @throws IllegalArgumentException if the prompt is empty
   * @throws dev.w2s.model.PositionLimitException if the prompt is longer than a local model's
   *     positions
   * @throws RuntimeException what the delegate throws in the first round, as it is; later the best
   *     response so far is returned and the failure logged
   */
  @Override
  public Response<String> generate(String prompt) {
    Prompt asked = Prompt.of(prompt);
    try (MeteredSampler open = sampler.open(promptFormat.render(asked))) {
      SearchResult result = search(asked, open);
      return response(result, open.tokenUsage());
    }
  }

  /**
   * Searches and returns everything found: all hypotheses with their scores, the trace of all
   * rounds, the cost.
   *
   * @throws IllegalArgumentException and others as {@link #generate(String)} does
   */
  public SearchResult search(String prompt) {
    Prompt asked = Prompt.of(prompt);
    try (MeteredSampler open = sampler.open(promptFormat.render(asked))) {
      return search(asked, open);
    }
  }

  private SearchResult search(Prompt prompt, MeteredSampler open) {
    ChunkBeamSearch search = new ChunkBeamSearch(settings, listener);
    try (CandidateScorer scorer =
        settings.isGuided() ? new LogRatioScorer(pairs, prompt) : new NoScorer()) {
      SearchResult result = search.search(open, scorer);
      if (result.failure() != null) {
        LOG.warn(
            "{} after round {}: {}; the best response so far is returned",
            result.stopReason(),
            result.rounds().size(),
            result.failure().toString());
        LOG.debug("the failure in full", result.failure());
      }
      return result;
    }
  }

  private static Response<String> response(SearchResult result, @Nullable TokenUsage usage) {
    FinishReason reason =
        switch (result.stopReason()) {
          case ENDED -> FinishReason.STOP;
          case TOKEN_LIMIT, POSITIONS, TIME_BUDGET, TOKEN_BUDGET, CALL_BUDGET ->
              FinishReason.LENGTH;
          case CANCELLED, FAILED -> FinishReason.OTHER;
        };
    Map<String, Object> metadata =
        Map.of(
            "w2s.score", result.best().score(),
            "w2s.stopReason", result.stopReason().name(),
            "w2s.rounds", result.rounds().size());
    return new Response<>(result.best().candidate().text(), usage, reason, metadata);
  }

  /** Stands in where there is nothing to choose (W = K = 1). */
  private static final class NoScorer implements CandidateScorer {
    @Override
    public Scores score(List<Candidate> candidates) {
      throw new IllegalStateException("plain sampling does not score");
    }

    @Override
    public void close() {}
  }
}
