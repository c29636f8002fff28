// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import java.util.Arrays;

/** A text, its tokens, and where in the text they stand. Never changes. */
final class TokenizedText {
  private static final TokenizedText EMPTY =
      new TokenizedText("", TokenIds.none(), new int[0], new int[0]);

  private final char[] text;
  private final TokenIds tokens;

  /** Of each token the index of its first char in the text. */
  private final int[] starts;

  /** Of each token the index behind its last char. */
  private final int[] ends;

  TokenizedText(String text, TokenIds tokens, int[] starts, int[] ends) {
    this(text.toCharArray(), tokens, starts, ends);
  }

  private TokenizedText(char[] text, TokenIds tokens, int[] starts, int[] ends) {
    this.text = text;
    this.tokens = tokens;
    this.starts = starts;
    this.ends = ends;
  }

  TokenIds tokens() {
    return tokens;
  }

  /** How many chars the beginnings of the two texts have in common. */
  int commonPrefix(char[] other) {
    int mismatch = Arrays.mismatch(text, other);
    return mismatch < 0 ? text.length : mismatch;
  }

  /**
   * How many tokens end at a place in the text or before it.
   *
   * @return -1 if a token lies across the place
   */
  int tokensBefore(int place) {
    int count = tokens.size();
    while (count > 0 && starts[count - 1] >= place) {
      count--;
    }
    return count == 0 || ends[count - 1] <= place ? count : -1;
  }

  /** The text from a place on, with the tokens that start there or behind. */
  TokenizedText from(int place) {
    int first = 0;
    while (first < starts.length && starts[first] < place) {
      first++;
    }
    return EMPTY.join(0, this, first, Arrays.copyOfRange(text, place, text.length));
  }

  /** Where the first tokens end; at the end of the text if there are no more than so many. */
  int endOf(int count) {
    return count < ends.length ? Arrays.stream(ends, 0, count).max().orElse(0) : text.length;
  }

  /**
   * The first tokens of this text, then those of another one but its first.
   *
   * @param kept how many tokens of this one
   * @param window the end of {@code whole}, tokenized
   * @param dropped how many tokens of the window are left out
   */
  TokenizedText join(int kept, TokenizedText window, int dropped, char[] whole) {
    int shift = whole.length - window.text.length;
    return new TokenizedText(
        whole,
        tokens.part(0, kept).plus(window.tokens.part(dropped, window.tokens.size())),
        join(starts, kept, window.starts, dropped, shift),
        join(ends, kept, window.ends, dropped, shift));
  }

  private static int[] join(int[] first, int kept, int[] second, int dropped, int shift) {
    int[] joined = Arrays.copyOf(first, kept + second.length - dropped);
    for (int i = dropped; i < second.length; i++) {
      joined[kept + i - dropped] = second[i] + shift;
    }
    return joined;
  }
}
