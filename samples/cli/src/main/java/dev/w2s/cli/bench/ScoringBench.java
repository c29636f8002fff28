// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.cli.io.Progress;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.search.Cancellation;
import dev.w2s.search.CandidateSampler;
import dev.w2s.search.Search;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * One search, W, K, L = 4, 4, 5, whose scoring is measured round by round.
 *
 * @param pair what scores
 * @param prompt the prompt
 * @param err where progress is shown
 * @param label of the progress bar
 */
record ScoringBench(GuidancePair pair, String prompt, PrintWriter err, String label) {
  static final int BEAM_WIDTH = 4;
  static final int SUCCESSORS = 4;
  static final int CHUNK_LENGTH = 5;

  /**
   * Searches for a response of so many tokens.
   *
   * @param afresh whether to score everything afresh as well
   */
  List<RoundCost> run(CandidateSampler sampler, int tokens, boolean afresh) {
    SearchSettings settings =
        SearchSettings.chunkBeam(BEAM_WIDTH, SUCCESSORS, CHUNK_LENGTH).withMaxTokens(tokens);
    int rounds = (tokens + CHUNK_LENGTH - 1) / CHUNK_LENGTH;
    List<RoundCost> costs = new ArrayList<>();
    try (Progress progress = Progress.always(err, label, rounds);
        ComparingScorer scorer =
            new ComparingScorer(pair, prompt, afresh, round -> RoundCost.shown(round, rounds))) {
      SearchListener listener =
          round -> {
            int length = round.kept().get(0).candidate().tokens();
            costs.add(
                new RoundCost(
                    round.number(),
                    length,
                    RoundCost.seconds(round.sampling().toNanos()),
                    scorer.last()));
            progress.step();
          };
      RuntimeException failure =
          new Search(settings).run(sampler, scorer, listener, new Cancellation()).failure();
      if (failure != null) {
        throw failure;
      }
    }
    return costs;
  }
}
