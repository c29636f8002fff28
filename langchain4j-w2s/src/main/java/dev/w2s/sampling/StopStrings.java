// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import java.util.List;

/**
 * Texts that end a response and are not part of it.
 *
 * @param texts none of them empty
 */
record StopStrings(List<String> texts) {

  /**
   * Copies the texts.
   *
   * @throws IllegalArgumentException if one is empty
   */
  StopStrings {
    texts = List.copyOf(texts);
    if (texts.contains("")) {
      throw new IllegalArgumentException(
          "stop contains an empty string; stop strings must not be empty");
    }
  }

  /** Where the first stop string begins, at or after {@code from}; -1 if there is none. */
  int firstIn(String text, int from) {
    return texts.stream()
        .mapToInt(stop -> text.indexOf(stop, from))
        .filter(at -> at >= 0)
        .min()
        .orElse(-1);
  }

  /** How many characters at the end of a text may be the beginning of a stop string. */
  int heldBack(String text) {
    return texts.stream().mapToInt(stop -> overlap(text, stop)).max().orElse(0);
  }

  private static int overlap(String text, String stop) {
    for (int length = Math.min(text.length(), stop.length() - 1); length > 0; length--) {
      if (text.regionMatches(text.length() - length, stop, 0, length)) {
        return length;
      }
    }
    return 0;
  }
}
