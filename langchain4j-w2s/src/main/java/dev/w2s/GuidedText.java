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
import java.util.function.BooleanSupplier;

/**
 * What the two decorators of language models have in common: a large model, its guidance, and one
 * way to answer.
 *
 * @param large the frozen model
 * @param guidance how it is guided
 * @param request how it draws
 * @param listener is told of every round of every search
 * @param guidedWhile asked once for each call: false leaves it to the large model
 */
record GuidedText(
    LargeModel large,
    Guidance guidance,
    SamplingRequest request,
    SearchListener listener,
    BooleanSupplier guidedWhile) {

  /** Whether calls are guided now. */
  boolean isGuided() {
    return guidedWhile.getAsBoolean();
  }

  /** Searches for the best response, or draws one where calls are not guided now. */
  GuidedAnswer answer(Prompt prompt, SearchListener more, Cancellation cancellation) {
    return isGuided()
        ? search(prompt, more, cancellation)
        : answer(unguided(), prompt, more, cancellation);
  }

  /** Searches for the best response. */
  GuidedAnswer search(Prompt prompt, SearchListener more, Cancellation cancellation) {
    return answer(guidance, prompt, more, cancellation);
  }

  private Guidance unguided() {
    SearchSettings settings = guidance.settings();
    return new Guidance(
        SearchSettings.plainSampling()
            .withMaxTokens(settings.maxTokens())
            .withBudget(settings.budget()),
        List.of());
  }

  private GuidedAnswer answer(
      Guidance guidance, Prompt prompt, SearchListener more, Cancellation cancellation) {
    SearchSettings settings = guidance.settings();
    SamplingRequest whole = request.within(settings.maxTokens(), settings.budget().time());
    try (MeteredSampler sampler = large.open(prompt, whole)) {
      SearchResult result =
          new GuidedSearch(guidance, List.of(listener, more), cancellation).run(sampler, prompt);
      return new GuidedAnswer(result, sampler.tokenUsage());
    }
  }
}
