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
    Map<Integer, Hypothesis> all = new HashMap<>(known);
    kept.forEach(hypothesis -> all.put(hypothesis.id(), hypothesis));
    Hypothesis best = kept.get(0);
    committed =
        path(best, all)
            .filter(ancestor -> tokens(ancestor) <= Math.max(0, tokens(best) - lag))
            .findFirst()
            .orElse(committed);
    String text = committed.candidate().text();
    List<Hypothesis> going =
        kept.stream().filter(other -> other.candidate().text().startsWith(text)).toList();
    known = new HashMap<>();
    going.stream()
        .flatMap(hypothesis -> path(hypothesis, all))
        .filter(ancestor -> tokens(ancestor) >= tokens(committed))
        .forEach(ancestor -> known.put(ancestor.id(), ancestor));
    return going;
  }

  private static int tokens(Hypothesis hypothesis) {
    return hypothesis.candidate().tokens();
  }

  /** A hypothesis and its known ancestors, nearest first. */
  private static Stream<Hypothesis> path(Hypothesis from, Map<Integer, Hypothesis> all) {
    return Stream.iterate(
        from, hypothesis -> hypothesis != null, hypothesis -> all.get(hypothesis.parent()));
  }
}
