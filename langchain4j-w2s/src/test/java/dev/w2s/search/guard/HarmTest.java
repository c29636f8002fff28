// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.Contender;
import dev.w2s.search.Hypothesis;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected values by hand, from the definition of weighted least squares. */
class HarmTest {
  private static final double[] SHARES = {0.5, 0.25, 0.25};

  /** Of 3 nats, at a log-probability of -5, with one pair of words that comes again. */
  private final Hypothesis parent = hypothesis(1, 0, "a b a b", -5, 3);

  private final List<Contender> contenders = new ArrayList<>();

  private static Hypothesis hypothesis(int id, int from, String text, double nats, double score) {
    Candidate candidate = new Candidate(text, "", 4, Status.OPEN, nats, null);
    return new Hypothesis(id, from, candidate, score, 1);
  }

  private void add(String more, double gain, double unlikeliness) {
    add(parent, more, gain, unlikeliness);
  }

  private void add(Hypothesis from, String more, double gain, double unlikeliness) {
    String text = from.candidate().text() + more;
    double nats = from.candidate().logProbability() - unlikeliness;
    Hypothesis hypothesis =
        hypothesis(9 + contenders.size(), from.id(), text, nats, from.score() + gain);
    contenders.add(new Contender(hypothesis, from, SHARES[contenders.size()]));
  }

  private void assertRest(double... expected) {
    assertThat(Harm.without(contenders, SHARES)).containsExactly(expected, within(1e-6));
  }

  /**
   * Unlikeliness 0, 2, 4 has the mean 1.5; gains 0, 4, 4 the mean 2. The slope is the covariance
   * 2.0 * 1.5 * 0.5 + 2 * 0.5 * 0.25 + 2 * 2.5 * 0.25 = 3 over the variance 2.25 * 0.5 + 0.25 *
   * 0.25 + 6.25 * 0.25 = 2.75.
   */
  @Test
  void whatUnlikelinessExplainsIsTakenAway() {
    add(" x", 0, 0);
    add(" y", 4, 2);
    add(" z", 4, 4);
    double slope = 3 / 2.75;
    assertRest(-2 + slope * 1.5, 2 - slope * 0.5, 2 - slope * 2.5);
  }

  /**
   * Beyond the parent's, "x a b" repeats "a b" and "a b" repeats "b a" and "a b": 0, 1, 2, of mean
   * 0.75 and variance 0.6875. Gains 0, 3, 1 have the mean 1.
   */
  @Test
  void whatRepetitionExplainsIsTakenAway() {
    add(" x", 0, 1);
    add(" x a b", 3, 1);
    add(" a b", 1, 1);
    double slope = (0.75 * 0.5 + 2 * 0.25 * 0.25) / 0.6875;
    assertRest(-1 + slope * 0.75, 2 - slope * 0.25, -slope * 1.25);
  }

  /** Gains are 2 for each repeated pair and 3 for each nat. */
  @Test
  void bothTogetherExplainWhatTheyExplainTogether() {
    add(" x", 3 * 2, 2);
    add(" x a b", 2 + 3 * 1, 1);
    add(" a b", 4 + 3 * 5, 5);
    assertRest(0, 0, 0);
  }

  @Test
  void aSlopeIsNeverNegative() {
    add(" x", 4, 0);
    add(" y", 0, 2);
    add(" z", 0, 2);
    assertRest(2, -2, -2);
  }

  /**
   * Gains 0, 1, 6 of mean 1.75 grow with repetition (0, 1, 2) and, given it, fall with unlikeliness
   * (0, 3, 1).
   */
  @Test
  void oneWithNegativeSlopeLeavesTheOtherAsIfAlone() {
    add(" x", 0, 0);
    add(" x a b", 1, 3);
    add(" a b", 6, 1);
    double slope = (1.75 * 0.75 * 0.5 - 0.75 * 0.25 * 0.25 + 4.25 * 1.25 * 0.25) / 0.6875;
    assertRest(-1.75 + slope * 0.75, -0.75 - slope * 0.25, 4.25 - slope * 1.25);
  }

  @Test
  void oneUnknownLikelihoodLeavesRepetitionAlone() {
    add(" x", 0, 0);
    add(" y", 4, 2);
    add(" z", 4, Double.NaN);
    assertRest(-2, 2, 2);
  }

  /** All of them as likely, and none repeats more: the parents' own harm was paid for long ago. */
  @Test
  void whatTheParentsDidDoesNotCount() {
    Hypothesis other = hypothesis(2, 0, "a b a b a b a b", -90, -7);
    add(" x", 0, 1);
    add(other, " y", 4, 1);
    add(other, " z", 4, 1);
    assertRest(-2, 2, 2);
  }

  @Test
  void nothingIsLeftOfEqualGains() {
    add(" x", 1, 0);
    add(" y", 1, 2);
    add(" z", 1, 5);
    assertRest(0, 0, 0);
  }
}
