// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.prompt.Prompt;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseScorerTest {
  private static final Prompt PROMPT = Prompt.of("x");

  private final ResponseScorer lengths =
      new ResponseScorer(
          Guide.of((prompt, text) -> text.isBlank() ? Double.NaN : text.length()), true);

  @Test
  void theBestIsTheFirstOfThoseThatScoreHighest() {
    List<String> answers = List.of("a", "bb", "cc", "   ");
    assertThat(lengths.best(PROMPT, answers)).isEqualTo("bb");
    assertThat(lengths.score(PROMPT, answers)).containsExactly(1, 2, 2, Double.NaN);
    assertThat(lengths.score(PROMPT, List.of("a", "a"))).containsExactly(1, 1);
    assertThat(lengths.score(PROMPT, List.of())).isEmpty();
  }

  @Test
  void thereMustBeOneToScore() {
    assertThatThrownBy(() -> lengths.best(PROMPT, List.of(" ", "  ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("none of the 2 responses can be scored");
  }
}
