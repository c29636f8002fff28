// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import org.jline.utils.WCWidth;

/** How many columns a text takes: two for a Chinese character, none for an accent of its own. */
final class Width {
  private Width() {}

  static int of(int character) {
    return Math.max(0, WCWidth.wcwidth(character));
  }

  static int of(String text) {
    return text.codePoints().map(Width::of).sum();
  }

  /** The text and spaces behind it, so that it takes so many columns. */
  static String padded(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - of(text)));
  }

  /** As much of the text as takes so many columns, with a sign where it is cut. */
  static String cut(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int taken = 0;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      taken += of(character);
      if (taken > columns - 1) {
        break;
      }
      kept.appendCodePoint(character);
      at += Character.charCount(character);
    }
    return kept + "…";
  }
}
