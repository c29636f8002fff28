// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import java.util.Collection;
import java.util.Comparator;

/** What somebody may have meant. */
final class Nearest {
  private Nearest() {}

  /** The name that takes the fewest errors of typing; of equals the first. */
  static String of(String typed, Collection<String> names) {
    return names.stream().min(Comparator.comparingInt(name -> errors(typed, name))).orElse("");
  }

  /** Levenshtein's distance. */
  private static int errors(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
