// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.util.ArrayList;
import java.util.List;

/** Two texts side by side, or one below the other where there is no room. */
final class Columns {
  /** Narrower columns break every line after a few words. */
  private static final int NARROWEST = 28;

  private static final String BETWEEN = " │ ";

  private Columns() {}

  /**
   * @param left text, its title the first line
   * @param right the same beside it
   * @param width of the terminal; 0 where lines have no end
   */
  static List<String> of(List<String> left, List<String> right, int width) {
    int column = (width - BETWEEN.length()) / 2;
    return column < NARROWEST ? stacked(left, right, width) : beside(left, right, column);
  }

  private static List<String> stacked(List<String> left, List<String> right, int width) {
    List<String> lines = new ArrayList<>();
    left.forEach(text -> lines.addAll(Wrap.lines(text, width)));
    lines.add("");
    right.forEach(text -> lines.addAll(Wrap.lines(text, width)));
    return lines;
  }

  private static List<String> beside(List<String> left, List<String> right, int column) {
    List<String> first = left.stream().flatMap(t -> Wrap.lines(t, column).stream()).toList();
    List<String> second = right.stream().flatMap(t -> Wrap.lines(t, column).stream()).toList();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      lines.add((Width.padded(at(first, i), column) + BETWEEN + at(second, i)).stripTrailing());
    }
    return lines;
  }

  private static String at(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "";
  }
}
