// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;

/**
 * A regular expression by which a tokenizer splits a text, read only as far as {@link StablePlaces}
 * asks.
 */
final class SplitPattern {
  /** What the tokenizer's engine and Java's read alike. */
  private static final String ESCAPED = "\\\\(?:[sSdDwWrnt]|[pP]\\{\\w+\\}|[^a-zA-Z0-9])";

  /** What stands for one character of a text: a literal, an escape, a set. */
  private static final String CHARACTER =
      "(?:\\[\\^?(?:%1$s|&(?!&)|[^\\[\\]\\\\&])++\\]|%1$s|[^\\[\\]\\\\.^$*+?{}()|])"
          .formatted(ESCAPED);

  private static final Pattern PART =
      Pattern.compile(
          ("(?<character>%1$s)|(?<ahead>\\(\\?[=!]%1$s\\))|(?<open>\\((?:\\?i?:|(?!\\?)))|(?<close>\\))"
                  + "|(?<or>\\|)|(?<quantifier>(?:[*+?]|\\{\\d+(?:,\\d*)?\\})[+?]?)")
              .formatted(CHARACTER));

  private SplitPattern() {}

  /**
   * Whether no match can hold a printable ASCII character with a space behind it, and none depends
   * on more than the character behind it. Of an expression with parts that are not understood
   * (anchors, references, looks behind, longer looks ahead) nothing is known, so the answer is no.
   */
  static boolean keepsPlaces(String expression) {
    try {
      return noSpaceBehindPrintable(expression);
    } catch (PatternSyntaxException e) {
      return false; // a set that only the tokenizer's engine knows
    }
  }

  private static boolean noSpaceBehindPrintable(String expression) {
    Matcher part = PART.matcher(expression);
    int depth = 0;
    int end = 0;
    boolean behindPrintable = false;
    while (part.find() && part.start() == end) {
      end = part.end();
      if (part.group("character") != null) {
        Predicate<String> character = Pattern.compile(part.group("character")).asMatchPredicate();
        boolean printable =
            IntStream.rangeClosed('!', '~').mapToObj(Character::toString).anyMatch(character);
        boolean repeated = end < expression.length() && "*+{".indexOf(expression.charAt(end)) >= 0;
        if (character.test(" ") && (depth > 0 || behindPrintable || (printable && repeated))) {
          return false;
        }
        behindPrintable |= printable;
      } else if (part.group("open") != null) {
        depth++;
      } else if (part.group("close") != null) {
        depth--;
      } else if (part.group("or") != null && depth == 0) {
        behindPrintable = false;
      }
    }
    return end == expression.length();
  }
}
