// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps every round of one search, which makes a tree: a {@link Hypothesis} knows its parent. It
 * holds the texts of all candidates of all rounds, which for long responses are many megabytes.
 */
public final class Trace implements SearchListener {
  private final List<Round> rounds = new ArrayList<>();

  @Override
  public void onRound(Round round) {
    rounds.add(round);
  }

  /** The rounds so far. */
  public List<Round> rounds() {
    return List.copyOf(rounds);
  }
}
