// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.w2s.model.text.ModelTokenizer;
import java.util.function.Supplier;

/**
 * Cuts a text after a number of tokens. The large model's own tokenizer is often out of reach; any
 * other one does, since a chunk's length is a matter of measure, not of meaning.
 */
@FunctionalInterface
public interface ChunkCutter {

  /**
   * The beginning of a text.
   *
   * @param text not empty
   * @param tokens most tokens of the beginning, at least 1
   * @return not empty
   */
  Chunk cut(String text, int tokens);

  /**
   * A beginning.
   *
   * @param text what was cut
   * @param tokens how many tokens it has, at least 1
   */
  record Chunk(String text, int tokens) {}

  /** Measures by a small model's tokenizer, whose model must stay open. */
  static ChunkCutter of(ModelTokenizer tokenizer) {
    return of(() -> tokenizer);
  }

  /** The same with a tokenizer that is asked for with each cut. */
  static ChunkCutter of(Supplier<ModelTokenizer> source) {
    return (text, tokens) -> {
      ModelTokenizer tokenizer = source.get();
      int firstCharacter = text.offsetByCodePoints(0, 1);
      int end = Math.max(firstCharacter, tokenizer.endOfTokens(text, tokens));
      String beginning = text.substring(0, end);
      int length = Math.max(1, tokenizer.countTokens(beginning));
      return new Chunk(beginning, Math.min(length, tokens));
    };
  }
}
