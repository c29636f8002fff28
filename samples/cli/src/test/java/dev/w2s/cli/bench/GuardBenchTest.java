// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.search.guard.TrustRegion;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardBenchTest {

  /** Each case without the guard and with it, and what is to be said of the latter. */
  @Test
  void printsBothSidesOfEachCase() {
    StringWriter out = new StringWriter();
    GuardBench.Size size = new GuardBench.Size(2, 1, 5);
    new GuardBench(
            new PrintWriter(out), new PrintWriter(new StringWriter()), size, new TrustRegion(9))
        .run();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).filteredOn(line -> line.contains(" no ")).hasSize(7);
    assertThat(lines).filteredOn(line -> line.contains(" yes ")).hasSize(7);
    assertThat(lines).filteredOn(line -> line.startsWith("    keeps ")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.startsWith("    harm: ")).hasSize(7);
    assertThat(out.toString()).doesNotContain("NaN");
  }
}
