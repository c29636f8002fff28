// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.Contender;
import dev.w2s.search.Hypothesis;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustRegionTest {
  /** Many places, so that each contender's count tells its chance to within one. */
  private static final int PLACES = 10_000;

  private static final double ONE_PLACE = 1.0 / PLACES;

  private final List<Contender> contenders = new ArrayList<>();
  private int tokens = 1;

  private TrustRegionTest add(double share, double score, String text, Status status, double nats) {
    Candidate candidate = new Candidate(text, "", tokens, status, nats, null);
    Hypothesis hypothesis = new Hypothesis(contenders.size() + 1, 0, candidate, score, 1);
    contenders.add(new Contender(hypothesis, Hypothesis.root(), share));
    return this;
  }

  /** An open one of a text of its own, of unknown likelihood. */
  private TrustRegionTest add(double share, double score) {
    return add(share, score, "w" + contenders.size(), Status.OPEN, Double.NaN);
  }

  /** The chance of each contender. */
  private List<Double> chances(double divergence) {
    Map<Hypothesis, Long> counts =
        new TrustRegion(divergence)
            .choose(contenders, PLACES).stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(PLACES);
    return contenders.stream()
        .map(c -> counts.getOrDefault(c.hypothesis(), 0L) / (double) PLACES)
        .toList();
  }

  private void assertChances(double divergence, double... expected) {
    List<Double> chances = chances(divergence);
    for (int i = 0; i < expected.length; i++) {
      assertThat(chances.get(i)).isCloseTo(expected[i], within(2 * ONE_PLACE));
    }
  }

  /** Of two equal shares, chances p and 1 - p diverge by ln 2 + p ln p + (1 - p) ln(1 - p). */
  @Test
  void theDivergenceIsUsedUpWhateverTheScaleOfTheScores() {
    double p = 0.75;
    double nats = Math.log(2) + p * Math.log(p) + (1 - p) * Math.log(1 - p);
    for (double scale : new double[] {1e-9, 1, 1e9}) {
      contenders.clear();
      add(0.5, scale).add(0.5, 2 * scale);
      assertChances(nats, 1 - p, p);
    }
  }

  @Test
  void eachTokenOfTheRoundAllowsAsMuch() {
    double p = 0.75;
    double nats = Math.log(2) + p * Math.log(p) + (1 - p) * Math.log(1 - p);
    tokens = 5;
    add(0.5, 1).add(0.5, 2);
    assertChances(nats / 5, 1 - p, p);
  }

  /** exp(gain/τ) times the share: three gains in a row make a geometric series of the ratios. */
  @Test
  void chancesAreSharesTiltedByTheGains() {
    add(0.2, 0).add(0.2, 1).add(0.6, 2);
    List<Double> chances = chances(0.2);
    double first = chances.get(1) / chances.get(0);
    double second = chances.get(2) / 3 / chances.get(1);
    assertThat(first).isCloseTo(second, within(0.01)).isGreaterThan(1.5);
  }

  @Test
  void equalGainsLeaveTheSharesAsTheyAre() {
    add(0.1, 3).add(0.2, 3).add(0.7, 3);
    assertChances(5, 0.1, 0.2, 0.7);
  }

  @Test
  void aWideRegionTrustsTheScores() {
    add(0.25, 1).add(0.25, 9).add(0.5, 3);
    assertChances(10, 0, 1, 0);
  }

  /** However much the guide pays for an end, or for going on. */
  @ParameterizedTest
  @ValueSource(doubles = {-100, 100})
  void howOftenAResponseEndsIsLeftToTheLargeModel(double score) {
    add(0.1, score, "end", Status.ENDED, Double.NaN).add(0.4, 0).add(0.5, 0);
    assertChances(1, 0.1, 0.4, 0.5);
  }

  /** The score is a payment for nothing but unlikely text. */
  @Test
  void whatIsGainedByUnlikelyTextDoesNotCount() {
    add(0.25, 2, "one", Status.OPEN, -2)
        .add(0.25, 4, "two", Status.OPEN, -4)
        .add(0.5, 10, "three", Status.OPEN, -10);
    assertChances(1, 0.25, 0.25, 0.5);
  }

  /** The last two are equally likely, and one of them scores more than that explains. */
  @Test
  void whatIsGainedBesidesCounts() {
    add(0.5, 2, "one", Status.OPEN, -2)
        .add(0.25, 9, "two", Status.OPEN, -10)
        .add(0.25, 11, "three", Status.OPEN, -10);
    List<Double> chances = chances(0.1);
    assertThat(chances.get(0)).isCloseTo(0.5, within(0.05));
    assertThat(chances.get(2)).isGreaterThan(chances.get(1) + 0.2);
  }

  @Test
  void gainsThatComeWithLikelierTextStay() {
    add(0.5, 2, "one", Status.OPEN, -10).add(0.5, 8, "two", Status.OPEN, -2);
    assertChances(10, 0, 1);
  }

  @Test
  void whatIsGainedByRepetitionDoesNotCount() {
    add(0.5, 0, "it is good", Status.OPEN, -1)
        .add(0.25, 4, "it is it is", Status.OPEN, -1)
        .add(0.25, 8, "it is it is it is", Status.OPEN, -1);
    // One pair comes again in the second, three in the third: 4 and 8 are not quite a line.
    List<Double> chances = chances(0.05);
    assertThat(0.25 * 0 + chances.get(1) + 3 * chances.get(2)).isCloseTo(1, within(0.2));
  }

  /** One of them is not known, so nothing can be said of the others. */
  @Test
  void unknownLikelihoodsAreLeftOut() {
    add(0.5, 2, "one", Status.OPEN, -2).add(0.5, 10, "two", Status.OPEN, Double.NaN);
    assertChances(10, 0, 1);
  }

  @Test
  void theSameTextsLeadToTheSameChoice() {
    add(0.3, 1).add(0.3, 2).add(0.4, 3);
    TrustRegion region = TrustRegion.defaults();
    List<Hypothesis> once = region.choose(contenders, 3);
    assertThat(region.choose(contenders, 3)).isEqualTo(once).hasSize(3);
  }

  /** The response is any of the places: over many rounds its share is its chance. */
  @Test
  void theFirstIsDrawnByItsChance() {
    int first = 0;
    int rounds = 4000;
    for (int round = 0; round < rounds; round++) {
      contenders.clear();
      add(0.25, 0, "a" + round, Status.OPEN, Double.NaN);
      add(0.75, 0, "b" + round, Status.OPEN, Double.NaN);
      Hypothesis chosen = TrustRegion.defaults().choose(contenders, 2).get(0);
      first += chosen.equals(contenders.get(0).hypothesis()) ? 1 : 0;
    }
    assertThat(first / (double) rounds).isCloseTo(0.25, within(0.03));
  }

  @Test
  void onePlaceIsOne() {
    add(0.5, 1).add(0.5, 2);
    assertThat(TrustRegion.defaults().choose(contenders, 1)).hasSize(1);
    assertThat(new HashSet<>(TrustRegion.defaults().choose(contenders, 64))).hasSize(2);
    assertThat(Collections.frequency(contenders, contenders.get(0))).isOne();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aDivergenceOutOfRangeIsRefused(double divergence) {
    assertThatThrownBy(() -> new TrustRegion(divergence))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("divergence is " + divergence + ", must be a number above 0");
  }
}
