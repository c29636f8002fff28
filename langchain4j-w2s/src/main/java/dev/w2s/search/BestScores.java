// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.Comparator;
import java.util.List;

/** Trusts the scores. */
enum BestScores implements Guard {
  /** The only one. */
  INSTANCE;

  private static final Comparator<Hypothesis> BEST_FIRST =
      Comparator.comparingDouble(Hypothesis::score).reversed();

  @Override
  public List<Hypothesis> choose(List<Contender> contenders, int places) {
    // A stable sort: among equal scores the earlier draw stays first.
    return contenders.stream().map(Contender::hypothesis).sorted(BEST_FIRST).limit(places).toList();
  }

  @Override
  public String toString() {
    return "none";
  }
}
