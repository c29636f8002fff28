// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;

/**
 * Chooses what a strategy keeps of a round. Without one the scores decide, which rewards whatever
 * is wrong with them; a guard may choose more carefully. Called on the searching thread, and by
 * several searches at once; what it is shown is all that it may go by, so that a search under a
 * seed is the same each time.
 */
@FunctionalInterface
public interface Guard {

  /**
   * Chooses.
   *
   * @param contenders at least two: the closed hypotheses that the strategy held, then the new ones
   *     in draw order
   * @param places most hypotheses to choose
   * @return from one to {@code places} of them; the first is the response if the search ends here.
   *     One that stands several times is continued as many times
   */
  List<Hypothesis> choose(List<Contender> contenders, int places);

  /** The best by their scores, earlier draws first among equals: the search of the paper. */
  static Guard none() {
    return BestScores.INSTANCE;
  }
}
