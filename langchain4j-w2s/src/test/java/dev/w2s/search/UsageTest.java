// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {

  @Test
  void aPartIsWhatCameAfterwards() {
    assertThat(new Usage(10, 20, 5, 4).since(new Usage(1, 5, 2, 1)))
        .isEqualTo(new Usage(9, 15, 3, 3));
  }
}
