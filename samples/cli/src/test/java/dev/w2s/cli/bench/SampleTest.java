// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTest {

  /** Counted by hand: pairs that are new, of all pairs. */
  @ParameterizedTest
  @CsvSource({
    "'', 1",
    "one, 1",
    "a b c, 1",
    "' a b a b ', 0.66666",
    "A b a\u00a0b, 1",
    "it is it is it is, 0.4",
  })
  void distinctTwo(String text, double share) {
    assertThat(Sample.distinct2(text)).isBetween(share, share + 1e-4);
  }
}
