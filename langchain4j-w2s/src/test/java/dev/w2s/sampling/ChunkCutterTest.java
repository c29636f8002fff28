// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.CausalModel;
import dev.w2s.sampling.ChunkCutter.Chunk;
import org.junit.jupiter.api.Test;

class ChunkCutterTest {

  @Test
  void cutsAfterTokensNeverWithinACharacter() {
    try (CausalModel model = CausalModel.load("embedded:movie-reviews/untuned")) {
      ChunkCutter cutter = ChunkCutter.of(model.tokenizer());
      assertThat(cutter.cut(" was a great movie", 2)).isEqualTo(new Chunk(" was a", 2));
      assertThat(cutter.cut(" was a", 5)).isEqualTo(new Chunk(" was a", 2));
      assertThat(cutter.cut(" was a", Integer.MAX_VALUE)).isEqualTo(new Chunk(" was a", 2));
      // The face takes several byte tokens; one token of it is the whole character.
      assertThat(cutter.cut("🙂🙂", 1).text()).isEqualTo("🙂");
      assertThat(cutter.cut("é 🙂 x", 1).text()).isEqualTo("é");
    }
  }
}
