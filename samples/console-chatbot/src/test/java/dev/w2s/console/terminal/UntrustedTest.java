// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UntrustedTest {

  @Test
  void whatATerminalObeysIsShownInItsPlace() {
    assertThat(Untrusted.shown("red \u001b[31m bell \u0007 delete \u007f"))
        .isEqualTo("red ␛[31m bell ␇ delete ␡");
  }

  @Test
  void theEightBitControlsAndWhatTurnsTheDirectionOfTextAreReplaced() {
    assertThat(Untrusted.shown("a\u009b31m\u202eb\u2066c\u2028d")).isEqualTo("a�31m�b�c�d");
  }

  @Test
  void halvesOfCharactersAreReplacedAndWholeOnesStay() {
    assertThat(Untrusted.shown("\ud83d x 😀 日本 é")).isEqualTo("� x 😀 日本 é");
  }

  @Test
  void linesStayAndTabsAreSpaces() {
    assertThat(Untrusted.shown("a\r\nb\tc")).isEqualTo("a\nb c");
  }
}
