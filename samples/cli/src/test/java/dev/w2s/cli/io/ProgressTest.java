// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter out = new StringWriter();

  private void run(boolean terminal, boolean log) {
    try (Progress progress = Progress.of(new PrintWriter(out), "work", 1000, terminal, log)) {
      for (int i = 0; i < 1000; i++) {
        progress.step();
      }
    }
  }

  @Test
  void aLogGetsTenLines() {
    run(/* terminal= */ false, /* log= */ true);
    assertThat(out.toString()).doesNotContain("\r");
    assertThat(out.toString().lines()).hasSize(10).last().asString().endsWith("100 %");
  }

  @Test
  void aTerminalGetsOneLineThatIsWiped() {
    run(/* terminal= */ true, /* log= */ false);
    assertThat(out.toString()).doesNotContain("\n").endsWith(" \r");
  }

  @Test
  void nothingIsShownWhereNobodyLooks() {
    run(/* terminal= */ false, /* log= */ false);
    assertThat(out.toString()).isEmpty();
  }
}
