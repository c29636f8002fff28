// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds a guard to its contract in one search, and counts where it decides otherwise than the
 * scores. It is not asked where there is nothing to choose.
 */
final class CheckedGuard implements Guard {
  private final Guard guard;
  private int overruled;

  CheckedGuard(Guard guard) {
    this.guard = guard;
  }

  @Override
  public List<Hypothesis> choose(List<Contender> contenders, int places) {
    if (contenders.size() == 1) {
      return List.of(contenders.get(0).hypothesis());
    }
    List<Hypothesis> chosen = guard.choose(contenders, places);
    Contracts.checkChosen(contenders, places, chosen);
    Set<Hypothesis> dropped = new HashSet<>(Guard.none().choose(contenders, places));
    chosen.forEach(dropped::remove);
    overruled += dropped.size();
    return chosen;
  }

  /** How many hypotheses it has dropped that the scores would have kept. */
  int overruled() {
    return overruled;
  }
}
