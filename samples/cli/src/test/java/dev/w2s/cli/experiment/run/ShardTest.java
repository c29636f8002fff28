// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {

  @Test
  void everyNthPromptIsInIt() {
    Shard second = Shard.parse("2/3");
    assertThat(IntStream.rangeClosed(1, 9).filter(second::has)).containsExactly(2, 5, 8);
    assertThat(second).hasToString("2/3");
    assertThat(IntStream.rangeClosed(1, 9).allMatch(Shard.WHOLE::has)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0/2", "3/2", "1", "1/0", "-1/2", "a/b", "1/2/3"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Shard.parse(text))
        .hasMessageContaining("'" + text + "'; it must be i/n");
  }
}
