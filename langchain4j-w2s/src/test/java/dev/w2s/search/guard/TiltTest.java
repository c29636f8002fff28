// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest expected gain within two bounds, by hand and by what no other chances reach. */
class TiltTest {
  private static final double[] THIRDS = {1 / 3.0, 1 / 3.0, 1 / 3.0};

  private static double mean(double[] chances, double[] values) {
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      mean += chances[i] * values[i];
    }
    return mean;
  }

  private static double divergence(double[] chances, double[] shares) {
    double nats = 0;
    for (int i = 0; i < chances.length; i++) {
      nats += chances[i] == 0 ? 0 : chances[i] * Math.log(chances[i] / shares[i]);
    }
    return nats;
  }

  /** The gain is the harm itself, so that nothing is gained without it. */
  @Test
  void whatIsGainedByHarmAloneIsNotTaken() {
    double[] harm = {-1, 0, 1};
    double[] chances = new Tilt(THIRDS, harm, List.of(harm), 0.3).chances();
    assertThat(mean(chances, harm)).isCloseTo(0, within(1e-6));
  }

  /**
   * The second does harm and the third as much good: the second may have more only as far as the
   * third has, although that gains nothing.
   */
  @Test
  void harmIsPaidForByItsOpposite() {
    double[] gains = {0, 1, 0};
    double[] harm = {0, 1, -1};
    double[] chances = new Tilt(THIRDS, gains, List.of(harm), 0.1).chances();
    assertThat(chances[1]).isCloseTo(chances[2], within(1e-6)).isGreaterThan(1 / 3.0);
    assertThat(divergence(chances, THIRDS)).isCloseTo(0.1, within(1e-6));
  }

  /** It gains by less harm, which has no price. */
  @Test
  void whatIsGainedByLessHarmIsTaken() {
    double[] gains = {1, 0, -1};
    double[] harm = {-1, 0, 1};
    double[] free = new Tilt(THIRDS, gains, List.of(), 0.2).chances();
    assertThat(new Tilt(THIRDS, gains, List.of(harm), 0.2).chances())
        .containsExactly(free, within(1e-12));
    assertThat(mean(free, harm)).isLessThan(-0.4);
  }

  private static double[] shares(Random random, int number) {
    double[] shares = random.doubles(number, 0.2, 1).toArray();
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  private static double[] centred(double[] values, double[] shares) {
    double mean = mean(shares, values);
    return Arrays.stream(values).map(value -> value - mean).toArray();
  }

  private static double[] gaussian(Random random, int number) {
    return random.doubles(number).map(any -> random.nextGaussian()).toArray();
  }

  /** Chances for other gains keep the same bounds, and gain no more of these. */
  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.1, 0.4})
  void noOtherChancesWithinTheBoundsGainMore(double budget) {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int number = 8 + random.nextInt(24);
      double[] shares = shares(random, number);
      double[] unlikely = centred(gaussian(random, number), shares);
      double[] repeats =
          centred(random.doubles(number).map(x -> x < 0.8 ? 0 : 1).toArray(), shares);
      double[] noise = gaussian(random, number);
      double[] gains = new double[number];
      for (int j = 0; j < number; j++) {
        gains[j] = 2 * unlikely[j] + repeats[j] + noise[j];
      }
      List<double[]> harms = List.of(repeats, unlikely);
      double[] best = new Tilt(shares, gains, harms, budget).chances();
      assertThat(Arrays.stream(best).sum()).isCloseTo(1, within(1e-9));
      assertThat(divergence(best, shares)).isLessThanOrEqualTo(budget + 1e-9);
      harms.forEach(harm -> assertThat(mean(best, harm)).isLessThan(1e-3));
      double[] other = new Tilt(shares, gaussian(random, number), harms, budget).chances();
      assertThat(mean(other, gains)).isLessThanOrEqualTo(mean(best, gains) + 1e-3);
    }
  }

  @Test
  void equalGainsLeaveTheShares() {
    double[] shares = {0.2, 0.8};
    assertThat(new Tilt(shares, new double[] {3, 3}, List.of(), 1).chances()).isEqualTo(shares);
  }
}
