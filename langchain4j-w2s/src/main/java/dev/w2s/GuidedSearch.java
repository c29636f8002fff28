// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.guidance.WeightedSum;
import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.search.Cancellation;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.Search;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.StopReason;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One guided search: what the decorators have in common. Opens the guides' scorers beside a sampler
 * of the large model, searches, and closes the scorers.
 *
 * @param guidance how the search goes and what steers it
 * @param listeners are told of the search
 * @param cancellation ends it from any thread
 */
record GuidedSearch(Guidance guidance, List<SearchListener> listeners, Cancellation cancellation) {
  private static final Logger LOG = LoggerFactory.getLogger(GuidedSearch.class);

  /**
   * Searches for the best response.
   *
   * @param sampler stays the caller's
   * @param prompt as the guides are to be shown it
   */
  SearchResult run(MeteredSampler sampler, Prompt prompt) {
    return run(sampler, prompt, UnaryOperator.identity());
  }

  /**
   * Searches for the best response.
   *
   * @param sampler stays the caller's
   * @param prompt as the guides are to be shown it
   * @param around what stands between the search and the guides
   */
  SearchResult run(MeteredSampler sampler, Prompt prompt, UnaryOperator<CandidateScorer> around) {
    try (CandidateScorer scorer = scorer(prompt)) {
      SearchResult result =
          new Search(guidance.settings())
              .run(sampler, around.apply(scorer), new Listeners(listeners), cancellation);
      report(result);
      return result;
    }
  }

  private CandidateScorer scorer(Prompt prompt) {
    return guidance.settings().hasChoice()
        ? WeightedSum.open(guidance.guides(), prompt)
        : CandidateScorer.none();
  }

  private static void report(SearchResult result) {
    if (result.failure() != null) {
      LOG.warn(
          "{} after round {}: {}; the best response so far is returned",
          result.stopReason(),
          result.rounds(),
          result.failure().toString());
      LOG.debug("the failure in full", result.failure());
    }
    boolean empty = result.best().candidate().text().isEmpty();
    if (empty && result.stopReason() == StopReason.OUT_OF_POSITIONS) {
      LOG.warn("the prompt takes all positions of the model; the response is empty");
    }
  }
}
