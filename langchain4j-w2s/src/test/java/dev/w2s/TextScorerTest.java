// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.testkit.FakeScorer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextScorerTest {
  private final FakeScorer guides = new FakeScorer().on("good", 2).on("bad", -1);
  private final TextScorer scorer =
      new TextScorer(guides, candidate -> !candidate.text().equals("call"));

  private static Candidate open(String text) {
    return new Candidate(text, 1, Status.OPEN);
  }

  @Test
  void textsAreScoredByTheGuides() {
    assertThat(scorer.score(List.of(open("good"), open("bad")))).containsExactly(2, -1);
    assertThat(scorer.tokensRun()).as("a token a character").isEqualTo(7);
    scorer.close();
    assertThat(guides.closed).isTrue();
  }

  @Test
  void whatIsNoTextIsNotShownToThem() {
    assertThat(scorer.score(List.of(open("call")))).containsExactly(0);
    assertThat(guides.rounds).isEmpty();
  }
}
