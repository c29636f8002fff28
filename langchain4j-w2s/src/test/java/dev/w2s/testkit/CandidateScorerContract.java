// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link CandidateScorer} keeps; extend it for one's own. */
public abstract class CandidateScorerContract {
  private static final List<Candidate> FIRST =
      List.of(open(" a"), open(" a good"), ended(" a good"), open(" the"));
  private static final List<Candidate> SECOND =
      List.of(ended(" a good film."), open(" a good film,"), open(" a bad"));

  /** A new scorer, always of the same prompt. */
  protected abstract CandidateScorer open();

  /** What two scores of the same candidate may differ by, nats. */
  protected double tolerance() {
    return 1e-4;
  }

  private static Candidate open(String text) {
    return new Candidate(text, text.length(), Candidate.Status.OPEN);
  }

  private static Candidate ended(String text) {
    return new Candidate(text, text.length(), Candidate.Status.ENDED);
  }

  /** A score is a function of the candidate: neither its place nor the rounds before matter. */
  @Test
  protected void scoresDependOnTheCandidateAlone() {
    List<Candidate> reversed = new ArrayList<>(SECOND);
    Collections.reverse(reversed);
    try (CandidateScorer scorer = open();
        CandidateScorer other = open()) {
      scorer.score(FIRST);
      double[] scores = scorer.score(SECOND);
      double[] afresh = other.score(reversed);
      assertThat(scores).hasSize(SECOND.size());
      for (int i = 0; i < scores.length; i++) {
        assertThat(scores[i]).isCloseTo(afresh[scores.length - 1 - i], within(tolerance()));
      }
    }
  }

  /** Tokens are counted up, never down. */
  @Test
  protected void tokensRunAreCumulative() {
    try (CandidateScorer scorer = open()) {
      assertThat(scorer.tokensRun()).isNotNegative();
      scorer.score(FIRST);
      long first = scorer.tokensRun();
      scorer.score(SECOND);
      assertThat(scorer.tokensRun()).isGreaterThanOrEqualTo(first);
    }
  }
}
