// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

  private static byte[] commandLine(String... parts) {
    return (String.join("\0", parts) + "\0").getBytes(UTF_8);
  }

  @Test
  void restoresWhatTheCLocaleLost() {
    assertThat(
            Arguments.restore(
                new String[] {"score", "--prompt", "Caf??"},
                commandLine("java", "-jar", "w2s.jar", "score", "--prompt", "Café")))
        .containsExactly("score", "--prompt", "Café");
  }

  @Test
  void keepsRealQuestionMarks() {
    assertThat(Arguments.restore(new String[] {"Why?", ""}, commandLine("java", "Why?", "")))
        .containsExactly("Why?", "");
  }

  @Test
  void keepsArgumentsThatCameAnotherWay() {
    assertThat(Arguments.restore(new String[] {"What?"}, commandLine("java", "@arguments")))
        .containsExactly("What?");
  }
}
