// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.guidance.WeightedSum;
import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.LargeModel;
import dev.w2s.sampling.MeteredSampler;
import dev.w2s.sampling.SamplingRequest;
import dev.w2s.search.Cancellation;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.Round;
import dev.w2s.search.Search;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.StopReason;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers prompts with a large model under guidance: opens a sampler and the guides' scorers,
 * searches, closes them. What the decorators have in common.
 *
 * @param large the frozen model
 */
record GuidedModel(LargeModel large) {
  private static final Logger LOG = LoggerFactory.getLogger(GuidedModel.class);

  /**
   * Searches for the best response.
   *
   * @param listeners are told of every round; what one throws is logged and ignored, as LangChain4j
   *     does with its listeners, since the round is paid for
   */
  GuidedAnswer answer(
      Prompt prompt,
      Guidance guidance,
      SamplingRequest request,
      List<SearchListener> listeners,
      Cancellation cancellation) {
    try (MeteredSampler sampler = large.open(prompt, request);
        CandidateScorer scorer = scorer(prompt, guidance)) {
      SearchResult result =
          new Search(guidance.settings())
              .run(
                  sampler,
                  scorer,
                  round -> listeners.forEach(listener -> tell(listener, round)),
                  cancellation);
      report(result);
      return new GuidedAnswer(result, sampler.tokenUsage());
    }
  }

  private static CandidateScorer scorer(Prompt prompt, Guidance guidance) {
    return guidance.settings().hasChoice()
        ? WeightedSum.open(guidance.guides(), prompt)
        : CandidateScorer.none();
  }

  private static void tell(SearchListener listener, Round round) {
    try {
      listener.onRound(round);
    } catch (RuntimeException e) {
      LOG.warn("a listener failed in round {} and is ignored", round.number(), e);
    }
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
