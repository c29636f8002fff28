// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SideBySideTest {

  @Test
  void wrapsBothColumns() {
    assertThat(SideBySide.format(List.of("a b\nc d"), List.of("longerword x"), 14))
        .isEqualTo(
            """
              a b     long
              c d     erwo
                      rd x
            """);
  }

  @Test
  void anEmptyTextIsAnEmptyColumn() {
    assertThat(SideBySide.format(List.of(""), List.of("b"), 14)).isEqualTo("          b\n");
  }
}
