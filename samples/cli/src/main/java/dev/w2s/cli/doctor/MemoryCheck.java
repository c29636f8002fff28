// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.doctor;

import dev.w2s.cli.bench.PeakMemory;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import java.util.Locale;

/**
 * Whether a model's memory is given back: loaded and closed over and over, the process does not
 * grow. What a GPU has is told by its driver alone; there the process's own memory is looked at.
 *
 * @param model reference of a language model
 * @param placement a device and a type
 */
record MemoryCheck(String model, Placement placement) {
  private static final int WARM_UP = 2;
  private static final int TURNS = 6;

  /** The most that may stay of a model, for each time it was loaded. */
  private static final double KEPT = 0.1;

  Finding check() {
    load(WARM_UP);
    long before = PeakMemory.residentNow();
    long bytes = load(TURNS);
    long after = PeakMemory.residentNow();
    String text =
        before == 0
            ? "not told by this system"
            : String.format(
                Locale.ROOT,
                "%.0f MB, and %.0f MB after %d more loads of %.0f MB",
                before / 1e6,
                after / 1e6,
                TURNS,
                bytes / 1e6);
    return new Finding("memory", text, after - before <= KEPT * TURNS * bytes);
  }

  private long load(int times) {
    long bytes = 0;
    for (int i = 0; i < times; i++) {
      try (CausalModel loaded = CausalModel.load(model, placement)) {
        bytes = loaded.summary().bytes();
      }
    }
    System.gc();
    return bytes;
  }
}
