// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

/**
 * Text that a model or a server wrote. A terminal obeys control characters: it is shown their
 * pictures instead.
 */
final class Untrusted {
  private static final int PICTURES = 0x2400;
  private static final int PICTURE_OF_DELETE = 0x2421;
  private static final int REPLACEMENT = 0xFFFD;

  private Untrusted() {}

  /** The same text; newlines stay, a tab is a space, a carriage return is nothing. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .filter(character -> character != '\r')
        .map(Untrusted::shown)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }

  private static int shown(int character) {
    if (character == '\n') {
      return character;
    }
    if (character == '\t') {
      return ' ';
    }
    if (character < ' ') {
      return PICTURES + character;
    }
    if (character == 0x7F) {
      return PICTURE_OF_DELETE;
    }
    return isControl(character) ? REPLACEMENT : character;
  }

  /** C1 controls, line separators, what turns the direction of text, halves of characters. */
  private static boolean isControl(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default ->
          (character >= 0x202A && character <= 0x202E)
              || (character >= 0x2066 && character <= 0x2069);
    };
  }
}
