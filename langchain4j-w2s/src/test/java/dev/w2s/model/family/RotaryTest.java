// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.family.Rotary.Growing;
import dev.w2s.model.family.Rotary.Longer;
import dev.w2s.model.family.Rotary.Same;
import dev.w2s.model.family.Rotary.Switched;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which frequencies a text has by its length, in a model trained on four positions. */
class RotaryTest {
  private static final List<Double> TRAINED = List.of(1.0, 0.1);
  private static final List<Double> LONG = List.of(0.5, 0.02);

  @Test
  void eachFrequencyTurnsTwoOfAHeadsNumbers() {
    assertThat(new Rotary(TRAINED, 1, new Same()).width()).isEqualTo(4);
  }

  @Test
  void oneSetIsForAllLengths() {
    Longer same = new Same();
    assertThat(same.sets()).isEqualTo(1);
    assertThat(same.set(1_000_000)).isZero();
    assertThat(same.longest(4)).isEqualTo(4);
    assertThat(new Rotary(TRAINED, 1, same).frequencies(0)).isEqualTo(TRAINED);
  }

  /** Longrope's condition is a length beyond that of the training. */
  @Test
  void longropeSwitchesBehindTheTrainedLength() {
    Longer switched = new Switched(4, LONG);
    assertThat(switched.sets()).isEqualTo(2);
    assertThat(switched.set(4)).isZero();
    assertThat(switched.set(5)).isEqualTo(1);
    assertThat(switched.set(1_000_000)).isEqualTo(1);
    assertThat(switched.longest(16)).isEqualTo(16);
    Rotary rotary = new Rotary(TRAINED, 1, switched);
    assertThat(rotary.frequencies(0)).isEqualTo(TRAINED);
    assertThat(rotary.frequencies(1)).isEqualTo(LONG);
  }

  /**
   * At 8 positions, twice the trained 4, theta grows by (3 * 8 / 4 - 2)^(4 / 2) = 4^2: the first
   * frequency stays, and the second is divided by the root of that, 4.
   */
  @Test
  void dynamicScalingGrowsThetaWithTheText() {
    Longer growing = new Growing(4, 10, 3);
    assertThat(growing.sets()).as("up to 4, and 5, 6, 7, 8, 9, 10").isEqualTo(7);
    assertThat(growing.set(1)).isZero();
    assertThat(growing.set(4)).isZero();
    assertThat(growing.set(5)).isEqualTo(1);
    assertThat(growing.set(8)).isEqualTo(4);
    assertThat(growing.longest(4)).isEqualTo(10);
    Rotary rotary = new Rotary(TRAINED, 1, growing);
    assertThat(rotary.frequencies(0)).isEqualTo(TRAINED);
    assertThat(rotary.frequencies(4).get(0)).isCloseTo(1.0, within(1e-12));
    assertThat(rotary.frequencies(4).get(1)).isCloseTo(0.1 / 4, within(1e-12));
  }
}
