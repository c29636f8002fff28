// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @Test
  void helpPrintsTheUsage() {
    Call call = Call.of("--help");
    assertThat(call.code()).isZero();
    assertThat(call.out()).startsWith("Usage: w2s");
  }

  @Test
  void everyCommandHasHelp() {
    Set<String> commands = Main.commandLine(new Main()).getSubcommands().keySet();
    assertThat(commands).contains("generate", "score");
    String help = Call.of("--help").out();
    for (String command : commands) {
      Call call = Call.of(command, "--help");
      assertThat(call.code()).isZero();
      assertThat(call.out()).startsWith("Usage: w2s " + command);
      assertThat(help).containsPattern("\\R  " + command + " ");
    }
  }

  /** Options in front of the command, or a command that there is not, need all commands. */
  @Test
  void commandsAreFoundBehindOptionsAndSuggestedForTypos() {
    assertThat(Call.of("--debug", "score", "--help").out()).startsWith("Usage: w2s score");
    assertThat(Call.of("generat").err()).contains("generate");
  }

  @Test
  void helpTellsTheDefaults() {
    assertThat(Call.of("generate", "--help").out())
        .containsPattern("-L, --chunk-length=L .*\\s+Default: 5\\R");
  }

  @Test
  void versionNamesTheCommand() {
    Call call = Call.of("--version");
    assertThat(call.code()).isZero();
    assertThat(call.out()).startsWith("w2s ");
  }

  @Test
  void unknownOptionExitsWithTwo() {
    Call call = Call.of("--no-such-option");
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.err()).contains("--no-such-option").contains("w2s --help");
  }

  @Test
  void noCommandExitsWithTwo() {
    assertThat(Call.of().code()).isEqualTo(2);
  }

  /** What picocli cannot format it says on standard error, and prints as it stands. */
  @ParameterizedTest
  @ValueSource(strings = {"demo", "generate", "score", "calibrate", "inspect", "bench"})
  void theHelpOfEveryCommandIsFormatted(String command) {
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      assertThat(Call.of(command, "--help").out()).startsWith("Usage: w2s " + command);
    } finally {
      System.setErr(err);
    }
    assertThat(said.toString(UTF_8)).doesNotContain("picocli");
  }
}
