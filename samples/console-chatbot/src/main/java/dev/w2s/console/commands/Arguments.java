// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands behind a command's name.
 *
 * @param text all of it
 * @param words the same in words; double quotes hold several together
 */
record Arguments(String text, List<String> words) {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  static Arguments of(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return new Arguments(text.strip(), List.copyOf(words));
  }

  int count() {
    return words.size();
  }

  String word(int index) {
    return words.get(index);
  }

  /** Refuses any. */
  void requireNone() {
    if (!words.isEmpty()) {
      throw new UsageException("it takes nothing, and '" + text + "' is given");
    }
  }

  /** Refuses any other number. */
  void require(int count) {
    if (count() != count) {
      throw new UsageException("it takes %d values, and %d are given".formatted(count, count()));
    }
  }

  int wholeNumber(int index, String name) {
    try {
      return Integer.parseInt(word(index));
    } catch (NumberFormatException e) {
      throw new UsageException(name + " is '" + word(index) + "'; it must be a whole number");
    }
  }

  double number(int index, String name) {
    try {
      return Double.parseDouble(word(index));
    } catch (NumberFormatException e) {
      throw new UsageException(name + " is '" + word(index) + "'; it must be a number");
    }
  }
}
