// SPDX-License-Identifier: Apache-2.0
package dev.w2s.soak;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.RewardModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search needs of one kind, in memory: a large model, and the guide beside it.
 *
 * @param large samples
 * @param guide steers
 * @param causal all language models in use, the large one among them
 * @param owner closes what the guide holds, null if nothing
 */
record Stand(
    CausalModel large, Guide guide, List<CausalModel> causal, @Nullable AutoCloseable owner) {

  /** A pair, and a large model of its kind. */
  static Stand ofPair(String large, String tuned, String untuned, Placement placement) {
    return of(
        CausalModel.load(large, placement),
        GuidancePair.load(tuned, untuned, placement, PromptFormat.raw()));
  }

  /** A model under two sentences. */
  static Stand prompted(String model, Placement placement) {
    CausalModel large = CausalModel.load(model, placement);
    return of(large, GuidancePair.prompted(large, "good, ", "bad, "));
  }

  /** An adapter over the large model. */
  static Stand adapted(String base, String adapter, Placement placement) {
    CausalModel large = CausalModel.load(base, placement);
    return of(large, GuidancePair.adapted(large, adapter));
  }

  /** An adapter over the large model, loaded for each search and closed with it. */
  static Stand adaptedAnew(String base, String adapter, Placement placement) {
    CausalModel large = CausalModel.load(base, placement);
    Guide guide =
        prompt -> {
          GuidancePair pair = GuidancePair.adapted(large, adapter);
          try {
            return new OwningScorer(pair.open(prompt), pair);
          } catch (RuntimeException | Error e) {
            pair.close();
            throw e;
          }
        };
    return new Stand(large, guide, List.of(large), null);
  }

  /** A classifier. */
  static Stand rewarded(String large, String classifier, String label, Placement placement) {
    CausalModel model = CausalModel.load(large, placement);
    RewardModel reward =
        RewardModel.load(classifier, label, RewardModel.Input.PROMPT_AND_RESPONSE, placement);
    return new Stand(model, reward, List.of(model), reward);
  }

  private static Stand of(CausalModel large, GuidancePair pair) {
    return new Stand(large, pair, List.of(large, pair.tuned(), pair.untuned()), pair);
  }

  Guide guide(Watch watch) {
    return prompt -> watch.over(guide.open(prompt));
  }

  /** Closes all models; a second time does nothing. */
  void close() {
    try (large) {
      if (owner != null) {
        owner.close();
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A scorer whose pair lives as long as itself. */
  private record OwningScorer(CandidateScorer scorer, GuidancePair pair)
      implements CandidateScorer {
    @Override
    public double[] score(List<Candidate> candidates) {
      return scorer.score(candidates);
    }

    @Override
    public long tokensRun() {
      return scorer.tokensRun();
    }

    @Override
    public void close() {
      try (pair) {
        scorer.close();
      }
    }
  }
}
