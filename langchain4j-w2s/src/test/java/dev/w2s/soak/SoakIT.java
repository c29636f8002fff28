// SPDX-License-Identifier: Apache-2.0
package dev.w2s.soak;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@link MemorySoak}: every kind with every ending leaves nothing open. Resident
 * memory would tell nothing in so few searches.
 */
class SoakIT {
  @TempDir private Path directory;

  @Test
  void nothingIsLeftOpen() {
    List<Kind> kinds = Kind.tiny(directory);
    Soak soak = new Soak(kinds, 1);
    try (soak) {
      for (Ending ending : Ending.values()) {
        kinds.forEach(kind -> soak.search(kind, ending));
      }
    }
    MemorySoak.assertNothingOpen(soak.natives());
  }
}
