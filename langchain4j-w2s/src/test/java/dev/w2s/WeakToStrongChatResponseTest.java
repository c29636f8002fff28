// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.search.Candidate;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.Round;
import dev.w2s.search.SearchResult;
import dev.w2s.search.StopReason;
import dev.w2s.search.Usage;
import dev.w2s.testkit.ScriptedChatModel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeakToStrongChatResponseTest {
  private static final Usage USAGE = new Usage(8, 4, 4, 0);

  private static Round round(int number, int samplingMs, int scoringMs) {
    return new Round(
        number,
        List.of(),
        List.of(),
        0,
        4,
        0,
        Duration.ofMillis(samplingMs),
        Duration.ofMillis(scoringMs),
        USAGE,
        USAGE);
  }

  private static WeakToStrongChatResponse response(String text, int rounds) {
    Hypothesis best =
        new Hypothesis(1, 0, new Candidate("a film", 2, Candidate.Status.ENDED), 1.5, 1);
    return new WeakToStrongChatResponse(
        ScriptedChatModel.text(text),
        new SearchResult(List.of(best), rounds, StopReason.ENDED, USAGE, null),
        new Timings(),
        List.of());
  }

  @Test
  void timesAreThoseOfAllRounds() {
    Timings timings = new Timings();
    List<Round> rounds = List.of(round(1, 20, 3), round(2, 10, 4));
    rounds.forEach(timings::onRound);
    WeakToStrongChatResponse response =
        new WeakToStrongChatResponse(
            ScriptedChatModel.text("a film"), response("a film", 2).result(), timings, rounds);
    assertThat(response.sampling()).isEqualTo(Duration.ofMillis(30));
    assertThat(response.scoring()).isEqualTo(Duration.ofMillis(7));
    assertThat(response.trace()).isEqualTo(rounds);
  }

  @Test
  void thoseOfOneAnswerAndOneSearchAreEqual() {
    WeakToStrongChatResponse response = response("a film", 2);
    assertThat(response).isEqualTo(response("a film", 2)).hasSameHashCodeAs(response("a film", 2));
    assertThat(response).isNotEqualTo(response("a movie", 2)).isNotEqualTo(response("a film", 3));
    ChatResponse plain = ScriptedChatModel.text("a film");
    assertThat(response).isNotEqualTo(plain);
  }
}
