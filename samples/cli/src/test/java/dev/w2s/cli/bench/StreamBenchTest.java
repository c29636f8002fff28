// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StreamBenchTest {

  /** A line for each beam and lag; with lag 0 nothing is behind. */
  @Test
  void printsBothSidesOfALag() {
    StringWriter out = new StringWriter();
    new StreamBench(new PrintWriter(out), 1, 5).run();
    assertThat(out.toString().lines()).hasSize(2 + 5 * 4);
    assertThat(out.toString().lines().filter(line -> line.matches(" +\\S+ +0 .*")))
        .hasSize(5)
        .allMatch(line -> line.matches(".* 0\\.0 +\\S+"));
  }
}
