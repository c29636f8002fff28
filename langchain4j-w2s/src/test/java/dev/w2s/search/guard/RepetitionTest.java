// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepetitionTest {

  /** Counted by hand. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                              | 0
          "one"                           | 0
          "a b a"                         | 0
          "a b a b"                       | 1
          "A b\na  B"                     | 1
          "no no no no"                   | 2
          "It is. It is. It is."          | 3
          "好好好好"                       | 2
          "很好看，很好看"                   | 2
          "たのしいたのしい"                 | 3
          """)
  void countsPairsThatWereThereBefore(String text, int repeated) {
    assertThat(Repetition.of(text)).isEqualTo(repeated);
  }
}
