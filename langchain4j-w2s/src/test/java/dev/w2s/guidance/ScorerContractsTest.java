// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.CandidateScorer;
import dev.w2s.testkit.CandidateScorerContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The library's own scorers keep the contract that others are asked to keep. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScorerContractsTest extends CandidateScorerContract {
  private GuidancePair pair;

  @BeforeAll
  void load() {
    pair = GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
  }

  @AfterAll
  void close() {
    pair.close();
  }

  @Override
  protected CandidateScorer open() {
    return WeightedSum.open(
        List.of(new WeightedGuide("a", pair, 1), new WeightedGuide("b", pair, -0.5)),
        Prompt.of("This movie was"));
  }
}
