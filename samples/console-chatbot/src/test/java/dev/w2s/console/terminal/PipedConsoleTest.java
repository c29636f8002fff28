// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class PipedConsoleTest {
  private final StringWriter out = new StringWriter();

  private PipedConsole console(String input, boolean echo) {
    PrintWriter writer = new PrintWriter(out);
    return new PipedConsole(new StringReader(input), writer, writer, echo);
  }

  @Test
  void eachLineIsAMessageAndABackslashGoesOn() {
    PipedConsole console = console("one\ntwo \\\nthree\n\\\\\nlast\\", false);
    assertThat(console.read()).isEqualTo("one");
    assertThat(console.read()).isEqualTo("two \nthree");
    assertThat(console.read()).isEqualTo("\\\\");
    assertThat(console.read()).isEqualTo("last\\");
    assertThat(console.read()).isNull();
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theEchoIsATranscriptWithoutControlCharacters() {
    PipedConsole console = console("a \u001b[2J\\\nb\n", true);
    console.read();
    assertThat(out.toString().lines()).containsExactly("> a ␛[2J\\", "… b");
  }
}
