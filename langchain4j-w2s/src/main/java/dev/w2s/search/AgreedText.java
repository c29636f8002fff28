// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of one search that can no longer change: what all hypotheses that survive begin with. It
 * is given in pieces and never taken back. For one search and one thread.
 *
 * <p>Where the hypotheses part within a word, the piece ends before the word; it never ends within
 * a character. The work is that of the text beyond the last piece, however long the response is.
 */
public final class AgreedText {
  /** What a reader takes for one character, as an emoji of several code points. */
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  /** Where a reader sees no words. */
  private static final Set<UnicodeScript> WITHOUT_SPACES =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  private int given;

  /**
   * What is newly agreed.
   *
   * @param kept the hypotheses that survive, at least one, each of which begins with all that was
   *     given before
   * @return empty if nothing is new
   */
  public String next(List<Hypothesis> kept) {
    List<String> fresh =
        kept.stream().map(hypothesis -> hypothesis.candidate().text().substring(given)).toList();
    String piece = agreed(fresh);
    given += piece.length();
    return piece;
  }

  /**
   * What remains of the whole text once the search has ended.
   *
   * @param whole begins with all that was given
   */
  public String rest(String whole) {
    String rest = whole.substring(given);
    given = whole.length();
    return rest;
  }

  private static String agreed(List<String> texts) {
    String first = texts.get(0);
    int length = first.length();
    boolean equal = true;
    for (String other : texts.subList(1, texts.size())) {
      int common = commonLength(first, other, length);
      equal &= common == first.length() && common == other.length();
      length = common;
    }
    return first.substring(0, equal ? length : naturalEnd(texts, length));
  }

  private static int commonLength(String one, String other, int most) {
    int end = Math.min(most, other.length());
    int at = 0;
    while (at < end && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }

  /** The last place up to a length at which no text is within a word or a character. */
  private static int naturalEnd(List<String> texts, int length) {
    int end = length;
    int before;
    do {
      before = end;
      for (String text : texts) {
        end = naturalEnd(text, end);
      }
    } while (end < before);
    return end;
  }

  private static int naturalEnd(String text, int length) {
    int end = 0;
    Matcher characters = CHARACTER.matcher(text);
    while (characters.find() && characters.end() <= length) {
      if (!withinWord(text, characters.end())) {
        end = characters.end();
      }
    }
    return end;
  }

  private static boolean withinWord(String text, int at) {
    return at < text.length()
        && isPartOfWord(text.codePointBefore(at))
        && isPartOfWord(text.codePointAt(at));
  }

  private static boolean isPartOfWord(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        && !WITHOUT_SPACES.contains(UnicodeScript.of(codePoint));
  }
}
