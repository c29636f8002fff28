// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.util.List;

/**
 * Texts that end a response and are not part of it.
 *
 * @param texts none of them empty
 */
public record StopStrings(List<String> texts) {

  /**
   * Copies the texts.
   *
   * @throws IllegalArgumentException if one is empty
   */
  public StopStrings {
    texts = List.copyOf(texts);
    if (texts.contains("")) {
      throw new IllegalArgumentException(
          "stop contains an empty string; stop strings must not be empty");
    }
  }

  /**
   * Where the first stop string begins.
   *
   * @param text a response, or the end of one
   * @param from where the search begins; no stop string begins before it
   * @return an index into {@code text}, -1 if there is none
   */
  public int firstIn(String text, int from) {
    return texts.stream()
        .mapToInt(stop -> text.indexOf(stop, from))
        .filter(at -> at >= 0)
        .min()
        .orElse(-1);
  }

  /**
   * How many characters at the end of a text may be the beginning of a stop string. A text that
   * goes on is cut nowhere before them.
   *
   * @param text a response that holds no stop string, or the end of one
   */
  public int heldBack(String text) {
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
