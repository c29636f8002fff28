// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How one beam commits to the text that its best hypothesis had some tokens ago. */
final class Lineage {
  private final int lag;
  private Hypothesis committed = Hypothesis.root();

  /**
   * The live hypotheses and their ancestors, those left out that are shorter than what is settled.
   */
  private Map<Integer, Hypothesis> known = Map.of();

  /**
   * @param lag tokens behind the end of the best hypothesis
   */
  Lineage(int lag) {
    this.lag = lag;
  }

  /**
   * Commits.
   *
   * @param kept best first
   * @return those that begin with the text of the best one's ancestor, in order
   */
  List<Hypothesis> commit(List<Hypothesis> kept) {
    Hypothesis best = kept.get(0);
    committed =
        path(best)
            .filter(ancestor -> tokens(ancestor) <= Math.max(0, tokens(best) - lag))
            .findFirst()
            .orElse(committed);
    String text = committed.candidate().text();
    List<Hypothesis> going =
        kept.stream().filter(other -> other.candidate().text().startsWith(text)).toList();
    Map<Integer, Hypothesis> open = new HashMap<>();
    going.stream()
        .flatMap(this::path)
        .filter(ancestor -> tokens(ancestor) >= tokens(committed))
        .forEach(ancestor -> open.put(ancestor.id(), ancestor));
    known = open;
    return going;
  }

  /** How many hypotheses are remembered, for tests: those of the lag, however long the text. */
  int remembered() {
    return known.size();
  }

  private static int tokens(Hypothesis hypothesis) {
    return hypothesis.candidate().tokens();
  }

  /** A hypothesis and its known ancestors, nearest first. */
  private Stream<Hypothesis> path(Hypothesis from) {
    return Stream.iterate(
        from, hypothesis -> hypothesis != null, hypothesis -> known.get(hypothesis.parent()));
  }
}
