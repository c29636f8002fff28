// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistinctTest {

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
    assertThat(Distinct.of(text, 2)).isBetween(share, share + 1e-4);
  }

  /** The same of words. */
  @ParameterizedTest
  @CsvSource({"'', 1, 0", "one, 1, 1", "A b a, 0.66666, 3", "' it is  it is ', 0.5, 4"})
  void distinctOne(String text, double share, int words) {
    assertThat(Distinct.of(text, 1)).isBetween(share, share + 1e-4);
    assertThat(Distinct.words(text)).hasSize(words);
  }
}
