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

/** Expected values by hand. */
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

  private void assertHarms(double[]... expected) {
    List<double[]> harms = Harm.of(contenders, SHARES);
    assertThat(harms).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(harms.get(i)).containsExactly(expected[i], within(1e-9));
    }
  }

  /** Unlikeliness 0, 2, 4 has the mean 1.5; nothing repeats. */
  @Test
  void unlikelinessIsInNatsBeyondTheParent() {
    add(" x", 0, 0);
    add(" y", 4, 2);
    add(" z", 4, 4);
    assertHarms(new double[3], new double[] {-1.5, 0.5, 2.5});
  }

  /** Beyond the parent's, "x a b" repeats "a b" and "a b" repeats "b a" and "a b": mean 0.75. */
  @Test
  void repetitionIsInPairsOfWordsBeyondTheParent() {
    add(" x", 0, 1);
    add(" x a b", 3, 1);
    add(" a b", 1, 1);
    assertHarms(new double[] {-0.75, 0.25, 1.25}, new double[3]);
  }

  @Test
  void oneUnknownLikelihoodLeavesRepetitionAlone() {
    add(" x", 0, 0);
    add(" y", 4, 2);
    add(" z", 4, Double.NaN);
    assertHarms(new double[3]);
  }

  /** All of them as likely, and none repeats more: the parents' own harm was paid for long ago. */
  @Test
  void whatTheParentsDidDoesNotCount() {
    Hypothesis other = hypothesis(2, 0, "a b a b a b a b", -90, -7);
    add(" x", 0, 1);
    add(other, " y", 4, 1);
    add(other, " z", 4, 1);
    assertHarms(new double[3], new double[3]);
  }
}
