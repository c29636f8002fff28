// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.w2s.search.SearchSettings;

/**
 * How wide and how often is searched.
 *
 * @param width W, hypotheses kept after each round
 * @param successors K, continuations drawn for each
 * @param chunk L, tokens of a continuation
 */
public record Beam(int width, int successors, int chunk) {

  /** Checks the numbers as the search itself does: each is at least 1. */
  public Beam {
    SearchSettings.chunkBeam(width, successors, chunk);
  }

  /** Whether there is anything to choose; else an answer is plain sampling. */
  public boolean hasChoice() {
    return width * (long) successors > 1;
  }

  @Override
  public String toString() {
    return "W=%d K=%d L=%d".formatted(width, successors, chunk);
  }
}
