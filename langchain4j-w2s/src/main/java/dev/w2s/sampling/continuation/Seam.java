// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import dev.w2s.sampling.calls.ServedCandidates;

/**
 * Where an answer goes on: what of the answer so far is sent, and what is made of what comes back.
 *
 * <p>Space at the end is never sent: servers and templates trim it, add to it, or refuse it. It is
 * held back and drawn again, and so is the beginning of a character, and under an instruction the
 * beginning of a word, since nobody can be asked to go on within one.
 *
 * @param way how the model is made to go on
 * @param repeats whether the model has been seen to repeat what it was given
 */
public record Seam(Continuation way, boolean repeats) {

  /**
   * Ends of the given that a continuation is searched for, in characters; shorter ones are chance.
   */
  private static final int LEAST_OVERLAP = 6;

  /**
   * Length of what is sure of an answer that goes on.
   *
   * @param text the answer so far
   */
  public int settled(String text) {
    int end = text.substring(0, ServedCandidates.wholeCharacters(text)).stripTrailing().length();
    if (way != Continuation.INSTRUCTION || end < text.length()) {
      return end;
    }
    int word = end;
    while (word > 0 && !Character.isWhitespace(text.charAt(word - 1))) {
      word--;
    }
    // Scripts without spaces have no words to be within.
    return word == 0 ? end : text.substring(0, word).stripTrailing().length();
  }

  /**
   * The answer with its continuation.
   *
   * @param given the answer so far, as it was sent
   * @param said what came back
   */
  public String join(String given, String said) {
    if (given.isEmpty()) {
      return said;
    }
    if (way == Continuation.INSTRUCTION) {
      return instructed(given, said);
    }
    return given + (repeats ? withoutGiven(given, said) : said);
  }

  /** Some servers trim what they repeat. */
  private static String withoutGiven(String given, String said) {
    if (said.startsWith(given)) {
      return said.substring(given.length());
    }
    String trimmed = given.stripLeading();
    return said.startsWith(trimmed) ? said.substring(trimmed.length()) : said;
  }

  private static String instructed(String given, String said) {
    String rest = said.substring(overlap(given, said));
    if (rest.isEmpty() || Character.isWhitespace(rest.charAt(0)) || joins(rest.charAt(0))) {
      return given + rest;
    }
    return given + " " + rest;
  }

  /** Characters at the beginning of what was said that the given ends in. */
  private static int overlap(String given, String said) {
    for (int length = Math.min(given.length(), said.length()); length >= LEAST_OVERLAP; length--) {
      if (given.regionMatches(given.length() - length, said, 0, length)) {
        return length;
      }
    }
    return 0;
  }

  /** Whether it stands without a space behind a word. */
  private static boolean joins(char first) {
    return ",.;:!?)]}%\u2019\u201d'\"".indexOf(first) >= 0
        || Character.isIdeographic(first)
        || Character.UnicodeScript.of(first) == Character.UnicodeScript.HIRAGANA
        || Character.UnicodeScript.of(first) == Character.UnicodeScript.KATAKANA;
  }
}
