// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The draws of one round, equal ones merged, in draw order. */
final class Draws {

  /**
   * What makes two candidates the same hypothesis: only an ended one has the probability of its
   * end.
   */
  private record Identity(String text, boolean ended) {
    static Identity of(Candidate candidate) {
      return new Identity(candidate.wholeText(), candidate.ended());
    }
  }

  /**
   * A new candidate.
   *
   * @param parent id of the hypothesis that the first equal draw continued
   * @param number how many equal draws there are
   */
  record Draw(int parent, Candidate candidate, int number) {
    Draw again() {
      return new Draw(parent, candidate, number + 1);
    }

    Hypothesis scored(int id, double nats) {
      return new Hypothesis(id, parent, candidate, nats, number);
    }
  }

  private final Map<Identity, Hypothesis> closed = new LinkedHashMap<>();
  private final Map<Identity, Integer> repeats = new LinkedHashMap<>();
  private final Map<Identity, Draw> fresh = new LinkedHashMap<>();
  private int number;

  /**
   * @param closed closed hypotheses that the strategy holds
   */
  Draws(List<Hypothesis> closed) {
    closed.forEach(held -> this.closed.put(Identity.of(held.candidate()), held));
  }

  void add(Hypothesis parent, Candidate candidate) {
    number++;
    Identity identity = Identity.of(candidate);
    if (closed.containsKey(identity)) {
      repeats.merge(identity, 1, Integer::sum);
    } else {
      fresh.merge(identity, new Draw(parent.id(), candidate, 1), (first, equal) -> first.again());
    }
  }

  /** Draws in all. */
  int number() {
    return number;
  }

  /** What is new. */
  List<Draw> fresh() {
    return List.copyOf(fresh.values());
  }

  /** Held hypotheses that were drawn again, with how often. */
  List<Hypothesis> repeated() {
    List<Hypothesis> repeated = new ArrayList<>();
    closed.forEach(
        (identity, held) -> {
          Integer draws = repeats.get(identity);
          if (draws != null) {
            repeated.add(held.withDraws(draws));
          }
        });
    return repeated;
  }
}
