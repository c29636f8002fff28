// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.measure;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Diversity of a text (Li et al. 2016): how much of it is there for the first time. */
public final class Distinct {
  private Distinct() {}

  /**
   * The share of a text's runs of neighbouring words that differ from those before, from 0 to 1; 1
   * where there is none.
   *
   * @param n words of a run
   */
  public static double of(String text, int n) {
    List<String> words = words(text.toLowerCase(Locale.ROOT));
    int runs = words.size() - n + 1;
    Set<List<String>> distinct = new HashSet<>();
    for (int i = 0; i < runs; i++) {
      distinct.add(words.subList(i, i + n));
    }
    return runs < 1 ? 1 : (double) distinct.size() / runs;
  }

  /** The words of a text: what white space parts. */
  public static List<String> words(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+", -1));
  }
}
