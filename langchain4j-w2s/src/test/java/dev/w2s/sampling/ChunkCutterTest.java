// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
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

  /**
   * Llama 2's spells a space as a letter and an emoji as four byte tokens, and puts a space in
   * front of a text, which is none of a response's.
   */
  @Test
  void cutsByASentencePieceTokenizer() {
    try (CausalModel model = Golden.model("llama-old-style")) {
      ChunkCutter cutter = ChunkCutter.of(model.tokenizer());
      String text = " the movie\n was  🙂🙂 é";
      StringBuilder joined = new StringBuilder();
      for (String rest = text; !rest.isEmpty(); rest = text.substring(joined.length())) {
        Chunk chunk = cutter.cut(rest, 2);
        assertThat(rest).startsWith(chunk.text());
        assertThat(chunk.tokens()).isBetween(1, 2);
        assertThat(Character.isHighSurrogate(chunk.text().charAt(chunk.text().length() - 1)))
            .isFalse();
        joined.append(chunk.text());
      }
      assertThat(joined.toString()).isEqualTo(text);
      assertThat(cutter.cut(" the movie was", 2)).isEqualTo(new Chunk(" the movie", 2));
      assertThat(cutter.cut(" the movie", 5)).isEqualTo(new Chunk(" the movie", 2));
      assertThat(cutter.cut("🙂🙂", 2)).isEqualTo(new Chunk("🙂", 2));
      assertThat(cutter.cut(text, Integer.MAX_VALUE).text()).isEqualTo(text);
    }
  }
}
