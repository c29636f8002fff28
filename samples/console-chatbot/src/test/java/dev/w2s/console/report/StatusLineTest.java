// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.console.chat.Answer;
import dev.w2s.console.chat.Answer.End;
import dev.w2s.search.Round;
import dev.w2s.search.Usage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  private static final Usage FIRST = new Usage(80, 100, 1, 0);
  private static final Usage BOTH = new Usage(150, 190, 2, 0);

  private static Round round(int number, Usage usage) {
    return new Round(
        number,
        List.of(),
        List.of(),
        0,
        16,
        0,
        Duration.ofMillis(700),
        Duration.ofMillis(60),
        usage,
        usage);
  }

  private static Answer answer(End end, Double score, List<Round> rounds, Integer tokens) {
    return new Answer("How?", "Good.", end, score, rounds, tokens, null);
  }

  @Test
  void aSearchHasScoreRoundsTokensCallsAndSeconds() {
    Answer answer = answer(End.ENDED, -1.234, List.of(round(1, FIRST), round(2, BOTH)), 9);
    assertThat(StatusLine.of(answer, true))
        .isEqualTo(
            "score -1.23 nats, 2 rounds, 150 tokens sampled, 2 calls, 1.40 s sampling,"
                + " 0.12 s scoring");
    assertThat(StatusLine.of(answer, false))
        .isEqualTo("score -1.23 nats, 2 rounds, 150 tokens sampled, 2 calls");
  }

  @Test
  void howItEndedComesFirst() {
    assertThat(StatusLine.of(answer(End.CUT, 1.0, List.of(round(1, FIRST)), 9), false))
        .isEqualTo("cut at the limit, score +1.00 nats, 1 round, 80 tokens sampled, 1 call");
    assertThat(StatusLine.of(answer(End.STOPPED, null, List.of(round(1, FIRST)), null), false))
        .isEqualTo("stopped, 1 round, 80 tokens sampled, 1 call");
    assertThat(StatusLine.of(answer(End.STOPPED, null, List.of(), null), true))
        .isEqualTo("stopped");
  }

  @Test
  void anUnguidedAnswerHasTokensAlone() {
    assertThat(StatusLine.of(answer(End.ENDED, null, List.of(), 1), true))
        .isEqualTo("unguided, 1 token");
    assertThat(StatusLine.of(answer(End.ENDED, null, List.of(), null), true)).isEqualTo("unguided");
  }

  @Test
  void whatFailedOnTheWayIsTold() {
    Answer answer =
        new Answer("How?", "Good", End.CUT, 1.0, List.of(round(1, FIRST)), 9, "no answer");
    assertThat(StatusLine.of(answer, false))
        .endsWith(", the best so far, since a model failed: no answer");
  }
}
