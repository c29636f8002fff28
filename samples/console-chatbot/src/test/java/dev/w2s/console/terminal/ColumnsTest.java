// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnsTest {
  private static final List<String> LEFT =
      List.of("unguided", "It was a waste of time and of money.");
  private static final List<String> RIGHT = List.of("guided", "映画はとても良かったです");

  @Test
  void aWideTerminalHasThemSideBySide() {
    assertThat(Columns.of(LEFT, RIGHT, 60))
        .containsExactly(
            "unguided                     │ guided",
            "It was a waste of time and   │ 映画はとても良かったです",
            "of money.                    │");
  }

  @Test
  void wideCharactersOnTheLeftTakeTwoColumns() {
    assertThat(Columns.of(RIGHT, LEFT, 60).get(1))
        .isEqualTo("映画はとても良かったです     │ It was a waste of time and");
  }

  @Test
  void aNarrowTerminalHasThemBelowEachOther() {
    assertThat(Columns.of(LEFT, RIGHT, 40))
        .containsExactly(
            "unguided", "It was a waste of time and of money.", "", "guided", "映画はとても良かったです");
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    for (int width = 20; width < 120; width++) {
      int most = width;
      assertThat(Columns.of(LEFT, RIGHT, width)).allMatch(line -> Width.of(line) <= most);
    }
  }
}
