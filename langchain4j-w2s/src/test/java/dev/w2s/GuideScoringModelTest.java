// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.PairSession;
import dev.w2s.model.ScoringSession;
import dev.w2s.prompt.Prompt;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GuideScoringModelTest {

  private static List<TextSegment> segments(String... texts) {
    return Stream.of(texts).map(TextSegment::from).toList();
  }

  @Test
  void scoresAreThePairs() {
    try (GuidancePair pair =
            GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
        PairSession session = pair.openSession(Prompt.of("This movie was"))) {
      ScoringModel model = new GuideScoringModel(pair);
      List<Double> scores =
          model.scoreAll(segments(" great", " dull", " great"), "This movie was").content();
      double expected =
          session.score(List.of(new ScoringSession.Response(" great", false))).get(0).logRatio();
      assertThat(scores.get(0)).isCloseTo(expected, within(1e-4)).isEqualTo(scores.get(2));
      assertThat(scores.get(0)).isGreaterThan(scores.get(1));
      assertThat(model.score(" great", "This movie was").content())
          .isCloseTo(expected, within(1e-4));
    }
  }

  @Test
  void whatCannotBeScoredComesLast() {
    Guide shortOnly = Guide.of((prompt, text) -> text.length() > 3 ? Double.NaN : text.length());
    ScoringModel model = new GuideScoringModel(shortOnly);
    assertThat(model.scoreAll(segments("long", "abc"), "q").content())
        .containsExactly(Double.NEGATIVE_INFINITY, 3.0);
    assertThat(model.scoreAll(List.of(), "q").content()).isEmpty();
    assertThatThrownBy(() -> model.scoreAll(segments("a"), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompt is empty");
  }
}
