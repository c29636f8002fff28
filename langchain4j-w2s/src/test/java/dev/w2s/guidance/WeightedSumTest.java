// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import dev.w2s.testkit.FakeScorer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WeightedSumTest {
  private static final Prompt PROMPT = Prompt.of("p");
  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate("a", 1, Candidate.Status.OPEN),
          new Candidate("bb", 2, Candidate.Status.OPEN));

  private final FakeScorer first = new FakeScorer().on("a", 1).on("bb", -2);
  private final FakeScorer second = new FakeScorer().on("a", 10).on("bb", 0.5);

  private static WeightedGuide guide(CandidateScorer scorer, double weight) {
    return new WeightedGuide("g", prompt -> scorer, weight);
  }

  @Test
  void scoresAreSummedByWeight() {
    try (CandidateScorer sum =
        WeightedSum.open(List.of(guide(first, 0.75), guide(second, -2)), PROMPT)) {
      assertThat(sum.score(CANDIDATES)).containsExactly(0.75 - 20, -1.5 - 1);
      assertThat(sum.tokensRun()).as("each scorer reads three characters").isEqualTo(6);
    }
    assertThat(first.closed).isTrue();
    assertThat(second.closed).isTrue();
  }

  @Test
  void whatOneGuideCannotScoreHasNoSum() {
    second.on("a", Double.NaN);
    try (CandidateScorer sum =
        WeightedSum.open(List.of(guide(first, 1), guide(second, 1)), PROMPT)) {
      assertThat(sum.score(CANDIDATES)).containsExactly(Double.NaN, -1.5);
    }
  }

  /** Which of several it was is what its owner has to know. */
  @Test
  void aGuideWhoseScoresAreNoneIsNamed() {
    try (CandidateScorer sum = sumWith(new double[] {Double.NaN, Double.NaN})) {
      assertThatThrownBy(() -> sum.score(CANDIDATES))
          .isInstanceOf(PositionsExhaustedException.class)
          .hasMessage("guide 'strange' returned NaN for all 2 candidates, must score at least one");
    }
    try (CandidateScorer sum = sumWith(new double[] {0, Double.NEGATIVE_INFINITY})) {
      assertThatThrownBy(() -> sum.score(CANDIDATES))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "guide 'strange' returned -Infinity for candidate 1, must be finite, or NaN for what"
                  + " cannot be scored");
    }
    try (CandidateScorer sum = sumWith(null)) {
      assertThatThrownBy(() -> sum.score(CANDIDATES))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "guide 'strange' returned no scores for 2 candidates, must return one for each");
    }
  }

  @SuppressWarnings("NullAway") // null is what is tested
  private CandidateScorer sumWith(double @Nullable [] scores) {
    CandidateScorer strange =
        new CandidateScorer() {
          @Override
          public double[] score(List<Candidate> candidates) {
            return scores;
          }

          @Override
          public long tokensRun() {
            return 0;
          }

          @Override
          public void close() {}
        };
    return WeightedSum.open(
        List.of(guide(first, 1), new WeightedGuide("strange", prompt -> strange, 1)), PROMPT);
  }

  @Test
  void everyGuideIsShownThePrompt() {
    Guide checking =
        prompt -> {
          assertThat(prompt).isSameAs(PROMPT);
          return first;
        };
    WeightedSum.open(List.of(new WeightedGuide("g", checking, 1)), PROMPT).close();
  }

  @Test
  void whenOneGuideCannotOpenTheOthersAreClosed() {
    Guide failing =
        prompt -> {
          throw new IllegalStateException("no");
        };
    List<WeightedGuide> guides = List.of(guide(first, 1), new WeightedGuide("h", failing, 1));
    assertThatThrownBy(() -> WeightedSum.open(guides, PROMPT)).hasMessage("no");
    assertThat(first.closed).isTrue();
  }

  @Test
  void allAreClosedThoughOneFails() {
    CandidateScorer failing =
        new CandidateScorer() {
          @Override
          public double[] score(List<Candidate> candidates) {
            return new double[0];
          }

          @Override
          public long tokensRun() {
            return 0;
          }

          @Override
          public void close() {
            throw new IllegalStateException("stuck");
          }
        };
    WeightedSum sum =
        WeightedSum.open(List.of(guide(failing, 1), guide(second, 1), guide(failing, 1)), PROMPT);
    assertThatThrownBy(() -> sum.score(CANDIDATES))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("guide 'g' returned 0 scores for 2 candidates, must return one for each");
    assertThatThrownBy(sum::close)
        .hasMessage("stuck")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(second.closed).isTrue();
  }

  @Test
  void argumentsAreChecked() {
    assertRefused(
        () -> WeightedSum.open(List.of(), PROMPT),
        "guides is empty; a score needs at least one guide");
    assertRefused(
        () -> guide(first, 0), "weight of guide 'g' is 0.0; it must be finite and not zero");
    assertRefused(
        () -> guide(first, Double.NaN),
        "weight of guide 'g' is NaN; it must be finite and not zero");
    assertRefused(
        () -> new WeightedGuide(" ", prompt -> first, 1), "name is ' '; it must not be blank");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
