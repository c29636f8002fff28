// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTest {

  /** With chunks of 5 and a lag of 10, three hypotheses of a chain may still be committed to. */
  @Test
  void remembersNoMoreThanTheLag() {
    Lineage lineage = new Lineage(10);
    List<Integer> remembered = new ArrayList<>();
    for (int round = 1; round <= 7; round++) {
      Candidate candidate = new Candidate("x".repeat(5 * round), 5 * round, Candidate.Status.OPEN);
      Hypothesis best = new Hypothesis(round, round - 1, candidate, 0, 1);
      assertThat(lineage.commit(List.of(best))).containsExactly(best);
      remembered.add(lineage.remembered());
    }
    assertThat(remembered).containsExactly(1, 2, 3, 3, 3, 3, 3);
  }
}
