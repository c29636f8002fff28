// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import java.util.Comparator;
import java.util.List;
import org.jline.utils.Levenshtein;
import org.jspecify.annotations.Nullable;

/** What somebody may have meant. */
final class Nearest {
  /** More typing errors than these are another word. */
  private static final int MOST_ERRORS = 2;

  private Nearest() {}

  /** The nearest of the names, or one that begins so; null if none is near. */
  static @Nullable String of(String typed, List<String> names) {
    for (String name : names) {
      if (!typed.isEmpty() && name.startsWith(typed)) {
        return name;
      }
    }
    String nearest =
        names.stream().min(Comparator.comparingInt(name -> errors(typed, name))).orElse(null);
    return nearest != null
            && errors(typed, nearest) <= MOST_ERRORS
            && errors(typed, nearest) < typed.length()
        ? nearest
        : null;
  }

  private static int errors(String typed, String name) {
    return Levenshtein.distance(typed, name, 1, 1, 1, 1);
  }
}
