// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.method;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.cli.experiment.models.LargeModel;
import dev.w2s.cli.experiment.plan.Sampling;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.StopReason;
import java.util.List;
import java.util.Locale;

/**
 * Plain sampling, best-of-N and chunk-level beam search, which are one search with other settings.
 *
 * @param writer the model that writes
 * @param guides none where there is nothing to choose
 */
record SearchingMethod(
    LargeModel writer, Sampling sampling, SearchSettings settings, List<WeightedGuide> guides)
    implements Method {

  @Override
  public Answer answer(Prompt prompt, long seed) {
    WeakToStrongLanguageModel.Builder builder = writer.builder(sampling, seed).settings(settings);
    guides.forEach(guide -> builder.guide(guide.name(), guide.guide(), guide.weight()));
    SearchResult result = builder.build().search(prompt, SearchListener.none(), new Cancellation());
    RuntimeException failure = result.failure();
    if (failure != null && result.stopReason() != StopReason.OUT_OF_POSITIONS) {
      throw failure;
    }
    Hypothesis best = result.best();
    return new Answer(
        best.candidate().text(),
        best.candidate().tokens(),
        best.candidate().ended(),
        result.stopReason().name().toLowerCase(Locale.ROOT),
        best.isScored() ? best.score() : null,
        result.usage().sampledTokens(),
        result.usage().scoredTokens(),
        result.usage().calls());
  }
}
