// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search.guard;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a text repeats itself: pairs of neighbouring words that were there before, which is what
 * distinct-2 (Li et al. 2016) counts. In scripts that put no spaces between words a character
 * counts as a word.
 */
final class Repetition {
  private static final Pattern WORD =
      Pattern.compile(
          "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}]"
              + "|[^\\s\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}"
              + "\\p{IsMyanmar}]+");

  private Repetition() {}

  /** Number of repeated pairs. */
  static int of(String text) {
    Set<String> seen = new HashSet<>();
    Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
    String before = "";
    int repeated = 0;
    while (words.find()) {
      String word = words.group();
      if (!before.isEmpty() && !seen.add(before + ' ' + word)) {
        repeated++;
      }
      before = word;
    }
    return repeated;
  }
}
