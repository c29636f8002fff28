// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.w2s.sampling.ChunkCutter;

/** Takes words for tokens. */
final class WordCutter implements ChunkCutter {

  @Override
  public Chunk cut(String text, int tokens) {
    int end = 0;
    int words = 0;
    while (words < tokens && end < text.length()) {
      int space = text.indexOf(' ', end);
      end = space < 0 ? text.length() : space + 1;
      words++;
    }
    return new Chunk(text.substring(0, end), words);
  }
}
