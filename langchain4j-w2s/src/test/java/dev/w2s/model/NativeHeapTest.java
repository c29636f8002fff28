// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeHeapTest {
  private static final int BLOCK = 100_000; // less than what the C library maps by itself
  private static final int BLOCKS = 1_000;

  /** Free blocks below one that is in use stay resident until the heap is trimmed. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "tells resident memory and has malloc_trim")
  void whatIsFreeGoesBackToTheSystem() throws IOException {
    List<Memory> blocks = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      Memory block = new Memory(BLOCK);
      block.clear();
      blocks.add(block);
    }
    try (Memory last = new Memory(BLOCK)) {
      last.clear();
      blocks.forEach(Memory::close);
      long before = resident();
      assertThat(NativeHeap.trim()).isTrue();
      assertThat(before - resident()).isGreaterThan((long) BLOCK * BLOCKS / 2);
    }
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }
}
