// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

  private static byte[] commandLine(String... parts) {
    return (String.join("\0", parts) + "\0").getBytes(UTF_8);
  }

  @Test
  void restoresWhatTheCLocaleLost() throws Exception {
    assertThat(
            Arguments.restore(
                new String[] {"score", "--prompt", "Caf??"},
                commandLine("java", "-jar", "w2s.jar", "score", "--prompt", "Café")))
        .containsExactly("score", "--prompt", "Café");
  }

  @Test
  void keepsRealQuestionMarks() throws Exception {
    assertThat(Arguments.restore(new String[] {"Why?", ""}, commandLine("java", "Why?", "")))
        .containsExactly("Why?", "");
  }

  @Test
  void keepsArgumentsThatCameAnotherWay() throws Exception {
    assertThat(Arguments.restore(new String[] {"What?"}, commandLine("java", "@arguments")))
        .containsExactly("What?");
  }

  @Test
  void refusesBytesThatAreNoTextInAnyLocale() {
    byte[] typed = "java\0score\0--prompt\0caf\u00e9\0".getBytes(ISO_8859_1);
    // As Java reads them in a UTF-8 locale and in the C locale.
    for (String read : new String[] {"caf\uFFFD", "caf?"}) {
      assertThatThrownBy(() -> Arguments.restore(new String[] {"score", "--prompt", read}, typed))
          .isInstanceOf(Arguments.NotUtf8Exception.class)
          .hasMessage("--prompt: not UTF-8");
    }
  }

  @Test
  void saysWhereBytesThatAreNoTextStand() {
    assertThatThrownBy(
            () ->
                Arguments.restore(
                    new String[] {"score", "--tuned=\uFFFD", "--json"},
                    "java\0score\0--tuned=\u00e9\0--json\0".getBytes(ISO_8859_1)))
        .hasMessage("--tuned: not UTF-8");
    assertThatThrownBy(
            () ->
                Arguments.restore(
                    new String[] {"inspect", "\uFFFD"},
                    "java\0inspect\0\u00e9\0".getBytes(ISO_8859_1)))
        .hasMessage("argument 2: not UTF-8");
  }

  @Test
  void keepsWhatAnotherEncodingCanSpell() throws Exception {
    // In a Latin-1 locale the bytes are text, and Java has read them.
    assertThat(
            Arguments.restore(
                new String[] {"Caf\u00e9?"}, "java\0Caf\u00e9?\0".getBytes(ISO_8859_1)))
        .containsExactly("Caf\u00e9?");
    assertThat(Arguments.restore(new String[] {"\uFFFD"}, commandLine("java", "\uFFFD")))
        .containsExactly("\uFFFD");
  }
}
