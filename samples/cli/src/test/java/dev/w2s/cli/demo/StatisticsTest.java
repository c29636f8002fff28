// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void meanAndStandardErrorByHand() {
    // Deviations -3, -1, 1, 3: variance 20 / 3, over 4 values.
    Statistics statistics = Statistics.of(List.of(1.0, 3.0, 5.0, 7.0));
    assertThat(statistics.mean()).isEqualTo(4);
    assertThat(statistics.standardError()).isCloseTo(Math.sqrt(20.0 / 3 / 4), within(1e-12));
  }

  @Test
  void medianOfOddAndEvenNumbers() {
    assertThat(Statistics.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Statistics.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
  }
}
