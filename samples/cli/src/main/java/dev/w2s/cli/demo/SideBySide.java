// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** Two texts in two columns of plain text. */
final class SideBySide {
  private static final String INDENT = "  ";
  private static final String GAP = "    ";

  private SideBySide() {}

  /**
   * Lays out two texts.
   *
   * @param left paragraphs of the left column; an empty one is dropped
   * @param right paragraphs of the right column
   * @param width characters of a line
   */
  static String format(List<String> left, List<String> right, int width) {
    int column = (width - INDENT.length() - GAP.length()) / 2;
    List<String> first = wrap(left, column);
    List<String> second = wrap(right, column);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      String a = i < first.size() ? first.get(i) : "";
      String b = i < second.size() ? second.get(i) : "";
      String line = INDENT + a + " ".repeat(column - a.length()) + GAP + b;
      lines.append(line.stripTrailing()).append('\n');
    }
    return lines.toString();
  }

  private static List<String> wrap(List<String> paragraphs, int column) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : paragraphs) {
      StringBuilder line = new StringBuilder();
      for (String word : paragraph.strip().split("\\s+", -1)) {
        if (!line.isEmpty() && line.length() + 1 + word.length() > column) {
          lines.add(line.toString());
          line.setLength(0);
        }
        line.append(line.isEmpty() ? "" : " ").append(word);
        while (line.length() > column) { // a word longer than the column
          lines.add(line.substring(0, column));
          line.delete(0, column);
        }
      }
      if (!line.isEmpty()) {
        lines.add(line.toString());
      }
    }
    return lines;
  }
}
