// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SearchResult;
import dev.w2s.search.StopReason;
import dev.w2s.search.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a search found in LangChain4j's words. */
class GuidedAnswerTest {
  private static final TokenUsage BILLED = new TokenUsage(4, 5);

  private static Response<String> response(Status status, StopReason reason, double score) {
    Hypothesis best = new Hypothesis(1, 0, new Candidate("a film", 2, status), score, 1);
    Usage usage = new Usage(8, 0, 4, 0);
    return new GuidedAnswer(new SearchResult(List.of(best), 3, reason, usage, null), BILLED)
        .response();
  }

  @ParameterizedTest
  @CsvSource({
    "ENDED, STOP",
    "TOKEN_LIMIT, LENGTH",
    "OUT_OF_POSITIONS, LENGTH",
    "FINISHED, LENGTH",
    "TIME_BUDGET, LENGTH",
    "TOKEN_BUDGET, LENGTH",
    "CALL_BUDGET, LENGTH",
    "CANCELLED, OTHER",
    "FAILED, OTHER"
  })
  void aTextThatIsOpenFinishedByWhatStoppedTheSearch(StopReason reason, FinishReason finish) {
    assertThat(response(Status.OPEN, reason, 1).finishReason()).isEqualTo(finish);
  }

  @ParameterizedTest
  @EnumSource(StopReason.class)
  void aTextThatEndedIsComplete(StopReason reason) {
    assertThat(response(Status.ENDED, reason, 1).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void theMetadataTellOfTheSearch() {
    Response<String> scored = response(Status.OPEN, StopReason.TOKEN_LIMIT, 1.5);
    assertThat(scored.content()).isEqualTo("a film");
    assertThat(scored.tokenUsage()).isEqualTo(BILLED);
    assertThat(scored.metadata())
        .containsOnly(
            Map.entry("w2s.score", 1.5),
            Map.entry("w2s.stopReason", "TOKEN_LIMIT"),
            Map.entry("w2s.rounds", 3));
    assertThat(response(Status.OPEN, StopReason.TOKEN_LIMIT, Double.NaN).metadata())
        .as("nothing to choose")
        .containsOnlyKeys("w2s.stopReason", "w2s.rounds");
  }
}
