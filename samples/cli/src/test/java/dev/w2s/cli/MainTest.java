// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      new CommandLine(new Main())
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true));

  @Test
  void helpPrintsTheUsage() {
    assertThat(command.execute("--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: w2s");
  }

  @Test
  void versionNamesTheCommand() {
    assertThat(command.execute("--version")).isZero();
    assertThat(out.toString()).startsWith("w2s ");
  }

  @Test
  void unknownOptionExitsWithTwo() {
    assertThat(command.execute("--no-such-option")).isEqualTo(2);
    assertThat(err.toString()).contains("--no-such-option");
  }
}
