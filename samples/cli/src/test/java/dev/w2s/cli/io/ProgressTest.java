// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

  /** Ten of a hundred were done before; the next thirty have taken a minute. */
  @Test
  void theTimeLeftIsThatOfTheStepsSoFar() {
    AtomicLong clock = new AtomicLong();
    TimeLeft left = new TimeLeft(clock::get, 10, 100);
    assertThat(left.after(10)).isEmpty();
    clock.set(TimeUnit.MINUTES.toNanos(1));
    assertThat(left.after(40)).isEqualTo(", 40 of 100, 2:00 left");
    clock.set(TimeUnit.MINUTES.toNanos(100));
    assertThat(left.after(40)).isEqualTo(", 40 of 100, 3:20:00 left");
    assertThat(left.after(100)).isEqualTo(", 100 of 100, 0:00 left");
  }
}
