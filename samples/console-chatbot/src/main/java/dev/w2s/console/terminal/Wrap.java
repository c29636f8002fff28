// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.util.List;

/**
 * Breaks a text that comes in pieces into lines no wider than the terminal. A word waits until it
 * is whole, since what was written is never taken back; wide characters are words of their own.
 */
final class Wrap {
  private final int width;
  private final StringBuilder word = new StringBuilder();
  private int wordWidth;
  private int column;
  private int spaces;

  /**
   * @param width of a line; 0 for no end
   */
  Wrap(int width) {
    this.width = width;
  }

  /** All of a text in lines. */
  static List<String> lines(String text, int width) {
    Wrap wrap = new Wrap(width);
    return (wrap.accept(text) + wrap.finish()).lines().toList();
  }

  /** What can be written of the text so far. */
  String accept(String piece) {
    if (width == 0) {
      return piece;
    }
    StringBuilder out = new StringBuilder();
    piece.codePoints().forEach(character -> accept(character, out));
    return out.toString();
  }

  /** The last word. */
  String finish() {
    StringBuilder out = new StringBuilder();
    endWord(out);
    column = 0;
    spaces = 0;
    return out.toString();
  }

  private void accept(int character, StringBuilder out) {
    int wide = Width.of(character);
    if (character == '\n') {
      endWord(out);
      out.append('\n');
      column = 0;
      spaces = 0;
    } else if (character == ' ') {
      endWord(out);
      spaces++;
    } else if (wide == 2) {
      endWord(out);
      add(character, wide, out);
    } else {
      if (wide > 0 && wordIsWide()) {
        endWord(out);
      }
      add(character, wide, out);
    }
  }

  private boolean wordIsWide() {
    return word.length() > 0 && Width.of(word.codePointAt(0)) == 2;
  }

  private void add(int character, int wide, StringBuilder out) {
    if (wordWidth + wide > width) {
      endWord(out); // a word that is wider than the line
    }
    word.appendCodePoint(character);
    wordWidth += wide;
  }

  private void endWord(StringBuilder out) {
    if (word.length() == 0) {
      return;
    }
    if (column > 0 && column + spaces + wordWidth > width) {
      out.append('\n');
      column = 0;
    } else if (spaces + wordWidth <= width) { // an indentation wider than the line is none
      out.append(" ".repeat(spaces));
      column += spaces;
    }
    spaces = 0;
    out.append(word);
    column += wordWidth;
    word.setLength(0);
    wordWidth = 0;
  }
}
