// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.gguf.Architecture.Names;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names of tensors, and what one architecture changes in those of another. */
class ArchitecturesTest {
  private static final Names NAMES =
      new Names("layers.", Map.of("output", "head"), Map.of("up", "w1", "down", "w2"));

  @Test
  void namesInALayerAreChangedAndAdded() {
    assertThat(NAMES.withLayer("down", "w3", "gate", "w4"))
        .isEqualTo(
            new Names(
                "layers.",
                Map.of("output", "head"),
                Map.of("up", "w1", "down", "w3", "gate", "w4")));
    assertThat(NAMES.withLayer()).isEqualTo(NAMES);
  }

  @Test
  void namesInALayerAreTakenAway() {
    assertThat(NAMES.withoutLayer("up", "gate"))
        .isEqualTo(new Names("layers.", Map.of("output", "head"), Map.of("down", "w2")));
  }
}
