// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.family.Rotary;
import java.util.List;

/** All sets of a model's rotary frequencies, one a row: those of the first embedding, and so on. */
final class RotaryTable {
  private RotaryTable() {}

  /**
   * Computes it.
   *
   * @param rotaries rotate the same width
   */
  static float[] of(List<Rotary> rotaries) {
    int rows = rotaries.stream().mapToInt(rotary -> rotary.longer().sets()).sum();
    float[] table = new float[rows * rotaries.get(0).frequencies().size()];
    int at = 0;
    for (Rotary rotary : rotaries) {
      for (int set = 0; set < rotary.longer().sets(); set++) {
        for (double frequency : rotary.frequencies(set)) {
          table[at++] = (float) frequency;
        }
      }
    }
    return table;
  }
}
