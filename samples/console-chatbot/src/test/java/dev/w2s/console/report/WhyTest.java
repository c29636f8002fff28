// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.Round;
import dev.w2s.search.Usage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhyTest {
  private static final Usage USAGE = new Usage(0, 0, 0, 0);
  private static final Hypothesis GOOD = open(1, 0, " good", 1.5);
  private static final Hypothesis BAD = open(2, 0, " bad", -2);
  private static final Hypothesis ODD = open(3, 0, " odd", -0.25);
  private static final Hypothesis END =
      new Hypothesis(4, 1, new Candidate(" good film", 2, Status.ENDED), 2.25, 1);
  private static final Hypothesis MORE = open(5, 1, " good\ngrief", 0.5);

  private static Hypothesis open(int id, int parent, String text, double score) {
    return new Hypothesis(id, parent, new Candidate(text, 1, Status.OPEN), score, 1);
  }

  private static Round round(
      int number, List<Hypothesis> candidates, List<Hypothesis> kept, int overruled) {
    return new Round(
        number, candidates, kept, 0, 4, overruled, Duration.ZERO, Duration.ZERO, USAGE, USAGE);
  }

  private static List<String> texts(List<Why.Line> lines) {
    return lines.stream().map(Why.Line::text).toList();
  }

  @Test
  void keptAndDroppedContinuationsHaveTheirScoresAndWhatTheyAdd() {
    Why why =
        new Why(
            List.of(
                round(1, List.of(GOOD, BAD, ODD), List.of(GOOD, GOOD), 0),
                round(2, List.of(END, MORE), List.of(END), 1)));
    assertThat(texts(why.all()))
        .containsExactly(
            "round 1: 4 drawn, 3 different, 1 kept",
            "  + +1.50  good (2 times)",
            "  - -0.25  odd",
            "  - -2.00  bad",
            "round 2: 4 drawn, 2 different, 1 kept, guard overruled 1",
            "  + +2.25  …film (end)",
            "  - +0.50  …grief");
    assertThat(texts(why.round(2))).first().asString().startsWith("round 2");
  }

  @Test
  void ofManyDroppedTheBestAreShownAndAllOfOneRound() {
    List<Hypothesis> many =
        List.of(GOOD, BAD, ODD, open(6, 0, "a", -3), open(7, 0, "b", -4), open(8, 0, "c", -5));
    Why why = new Why(List.of(round(1, many, List.of(GOOD), 0)));
    assertThat(texts(why.all())).hasSize(6).last().isEqualTo("  - 2 more dropped");
    assertThat(texts(why.round(1))).hasSize(7).last().isEqualTo("  - -5.00  c");
  }
}
