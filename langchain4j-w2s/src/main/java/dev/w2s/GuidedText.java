// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.LargeModel;
import dev.w2s.sampling.SamplingRequest;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.search.Cancellation;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import java.util.List;

/**
 * What the two decorators of language models have in common: a large model, its guidance, and one
 * way to answer.
 *
 * @param large the frozen model
 * @param guidance how it is guided
 * @param request how it draws
 * @param listener is told of every round of every search
 */
record GuidedText(
    LargeModel large, Guidance guidance, SamplingRequest request, SearchListener listener) {

  /** Searches for the best response. */
  GuidedAnswer answer(Prompt prompt, SearchListener more, Cancellation cancellation) {
    SearchSettings settings = guidance.settings();
    SamplingRequest whole = request.within(settings.maxTokens(), settings.budget().time());
    try (MeteredSampler sampler = large.open(prompt, whole)) {
      SearchResult result =
          new GuidedSearch(guidance, List.of(listener, more), cancellation).run(sampler, prompt);
      return new GuidedAnswer(result, sampler.tokenUsage());
    }
  }
}
