// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.guidance.Calibration.Interval;
import dev.w2s.guidance.Calibration.Verdict;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values are calculated by hand; intervals by the formula in Wilson (1927), to four places. */
class CalibrationTest {
  private static final Prompt PROMPT = Prompt.of("x");

  private static Guide by(ToDoubleFunction<Candidate> score) {
    return prompt ->
        new CandidateScorer() {
          @Override
          public double[] score(List<Candidate> candidates) {
            return candidates.stream().mapToDouble(score).toArray();
          }

          @Override
          public long tokensRun() {
            return 0;
          }

          @Override
          public void close() {}
        };
  }

  /** Scores a text by the number it is. */
  private static final Guide NUMBERS = by(candidate -> Double.parseDouble(candidate.text()));

  private static Preference preference(String chosen, String rejected) {
    return new Preference(PROMPT, chosen, rejected, false);
  }

  private static List<Preference> times(int times, Preference preference) {
    return new ArrayList<>(Collections.nCopies(times, preference));
  }

  @ParameterizedTest
  @CsvSource({
    "0.8, 10, 0.4902, 0.9433",
    "1.0, 10, 0.7225, 1.0",
    "0.5, 100, 0.4038, 0.5962",
    "0.0, 1, 0.0, 0.7935",
  })
  void theIntervalIsWilsons(double share, int n, double low, double high) {
    Interval interval = Interval.of(share, n);
    assertThat(interval.low()).isCloseTo(low, within(5e-5));
    assertThat(interval.high()).isCloseTo(high, within(5e-5));
  }

  @Test
  void countsWhatAgrees() {
    Calibration calibration =
        Calibration.of(
            NUMBERS,
            List.of(
                preference("3", "1"),
                preference("2", "1"),
                preference("1", "2"),
                preference("1.0", "1")));
    assertThat(calibration.pairs()).isEqualTo(4);
    assertThat(calibration.ties()).isEqualTo(1);
    assertThat(calibration.agree()).isEqualTo(0.625); // two and a half of four
    assertThat(calibration.margin()).isEqualTo(0.5); // (2 + 1 - 1 + 0) / 4
    assertThat(calibration.noise()).isCloseTo(Math.sqrt(5 / 3.0), within(1e-12));
    assertThat(calibration.prefersLonger()).isEqualTo(0.5); // the one pair of unequal length
    assertThat(calibration.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(calibration.lengthDecides()).isFalse();
  }

  @Test
  void seesASwappedGuide() {
    List<Preference> all = times(8, preference("2", "1"));
    assertThat(Calibration.of(NUMBERS, all).verdict()).isEqualTo(Verdict.AGREES);
    Guide swapped = by(candidate -> -Double.parseDouble(candidate.text()));
    assertThat(Calibration.of(swapped, all).verdict()).isEqualTo(Verdict.DISAGREES);
    assertThat(Calibration.of(NUMBERS, times(3, preference("2", "1"))).verdict())
        .isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void seesWhatGoesByLength() {
    List<Preference> mixed = times(6, preference("aa", "b"));
    mixed.addAll(times(4, preference("a", "bb")));
    Guide length = by(candidate -> candidate.text().length());
    Calibration longer = Calibration.of(length, mixed);
    assertThat(longer.agree()).isEqualTo(0.6);
    assertThat(longer.prefersLonger()).isEqualTo(1);
    assertThat(longer.lengthDecides()).isTrue();
    Guide brief = by(candidate -> -candidate.text().length());
    assertThat(Calibration.of(brief, mixed).prefersLonger()).isZero();
    assertThat(Calibration.of(brief, mixed).lengthDecides()).isTrue();
    Guide knows = by(candidate -> candidate.text().startsWith("a") ? 1 : 0);
    assertThat(Calibration.of(knows, mixed).lengthDecides()).isFalse();
  }

  /** Pairs of equal length say nothing of it, and what explains no more than the user does not. */
  @Test
  void lengthHasToExplainMore() {
    List<Preference> longer = times(10, preference("aa", "b"));
    longer.addAll(times(10, preference("d", "c")));
    Guide likesBoth = by(candidate -> candidate.text().matches("aa|d") ? 1 : 0);
    Calibration calibration = Calibration.of(likesBoth, longer);
    assertThat(calibration.prefersLonger()).isEqualTo(1);
    assertThat(calibration.agree()).isEqualTo(1);
    assertThat(calibration.lengthDecides()).isFalse();
  }

  @Test
  void anIntervalThatTouchesOneHalfDecidesNothing() {
    assertThat(verdict(new Interval(0.5, 0.7))).isEqualTo(Verdict.UNDECIDED);
    assertThat(verdict(new Interval(0.3, 0.5))).isEqualTo(Verdict.UNDECIDED);
    assertThat(verdict(new Interval(0.51, 0.7))).isEqualTo(Verdict.AGREES);
    assertThat(verdict(new Interval(0.3, 0.49))).isEqualTo(Verdict.DISAGREES);
    assertThat(new Interval(0.5, 0.7).tellsFromChance()).isFalse();
    assertThat(new Interval(0.3, 0.5).tellsFromChance()).isFalse();
    assertThat(new Interval(0.3, 0.49).tellsFromChance()).isTrue();
  }

  private static Verdict verdict(Interval interval) {
    return new Calibration(9, 0, 0, 0.5, interval, 0, 0, 0.5, false).verdict();
  }

  @Test
  void countsWhatCannotBeScored() {
    Guide full =
        by(
            candidate -> {
              if (candidate.text().equals("9")) {
                throw new PositionsExhaustedException("full", null);
              }
              return candidate.text().equals("8") ? Double.NaN : candidate.text().length();
            });
    Calibration calibration =
        Calibration.of(
            full, List.of(preference("9", "1"), preference("1", "8"), preference("11", "1")));
    assertThat(calibration.pairs()).isEqualTo(1);
    assertThat(calibration.unscored()).isEqualTo(2);
    assertThat(calibration.noise()).isZero();
    assertThatThrownBy(() -> Calibration.of(full, List.of(preference("9", "1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("preferences hold no pair that the guide can score (1 are too long for it)");
  }

  @Test
  void endsCountOnlyWhereTheyAreToldOf() {
    Guide ends = by(candidate -> candidate.ended() ? candidate.text().length() : 0);
    assertThat(Calibration.of(ends, List.of(preference("aa", "b"))).ties()).isEqualTo(1);
    Preference ended = new Preference(PROMPT, "aa", "b", true);
    assertThat(Calibration.of(ends, List.of(ended)).agree()).isEqualTo(1);
  }

  @Test
  void refusesWhatComparesNothing() {
    assertThatThrownBy(() -> preference("a", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chosen and rejected are both 'a'; they must differ");
    Guide tooFew =
        prompt ->
            new CandidateScorer() {
              @Override
              public double[] score(List<Candidate> candidates) {
                return new double[1];
              }

              @Override
              public long tokensRun() {
                return 0;
              }

              @Override
              public void close() {}
            };
    assertThatThrownBy(() -> Calibration.of(tooFew, List.of(preference("a", "b"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the guide returned 1 scores for 2 responses, must return one for each");
  }
}
