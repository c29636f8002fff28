// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopStringsTest {
  private static StopStrings stops(String... texts) {
    return new StopStrings(List.of(texts));
  }

  @ParameterizedTest
  @CsvSource({
    "abcabc, 0, bc|c, 1",
    "abcabc, 0, c|bc, 1",
    "abcabc, 2, bc|c, 2",
    "abcabc, 3, bc|c, 4",
    "abcabc, 0, abcabcd, -1",
    "abcabc, 4, abc, -1",
  })
  void theStopStringThatBeginsFirstCounts(String text, int from, String stops, int expected) {
    assertThat(stops(stops.split("\\|")).firstIn(text, from)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "abcab, abcabd, 5",
    "xabca, abcabd, 4",
    "xaba, abcabd, 1",
    "xab, b|abc|ba, 2",
    "xyz, abc, 0",
    "aaaa, aaab, 3",
    "a, abc, 1",
  })
  void theLongestBeginningOfAStopStringIsHeldBack(String text, String stops, int expected) {
    assertThat(stops(stops.split("\\|")).heldBack(text)).isEqualTo(expected);
  }

  @Test
  void withoutStopStringsNothingIsFoundOrHeldBack() {
    assertThat(stops().firstIn("abc", 0)).isEqualTo(-1);
    assertThat(stops().heldBack("abc")).isZero();
  }

  @Test
  void anEmptyStopStringIsRefused() {
    assertThatThrownBy(() -> stops("a", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty string");
  }

  /**
   * Whatever is shown of a text that grows, and whatever comes, what is shown stays shown: the
   * first stop string never begins in it, and looking from its end on finds the same one.
   */
  @Test
  void whatIsShownIsNeverCut() {
    SplittableRandom random = new SplittableRandom(11);
    int found = 0;
    for (int world = 0; world < 2_000; world++) {
      StopStrings stops = stops(letters(random, 1, 5), letters(random, 1, 3));
      String text = "";
      int shown = 0;
      while (text.length() < 12 && stops.firstIn(text, 0) < 0) {
        int before = shown;
        shown = text.length() - stops.heldBack(text);
        assertThat(shown).isGreaterThanOrEqualTo(before);
        text += letters(random, 1, 3);
        assertThat(stops.firstIn(text, shown)).isEqualTo(stops.firstIn(text, 0));
      }
      found += stops.firstIn(text, 0) >= 0 ? 1 : 0;
    }
    assertThat(found).isBetween(500, 1_999);
  }

  private static String letters(SplittableRandom random, int least, int most) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(least, most + 1);
    for (int i = 0; i < length; i++) {
      text.append("ab".charAt(random.nextInt(2)));
    }
    return text.toString();
  }
}
