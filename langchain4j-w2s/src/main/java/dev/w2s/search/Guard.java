// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;

/**
 * Has a say between the scorer and the strategy: it may lower what it does not trust, or drop it.
 * It serves every strategy, since it stands outside of them. Called on the searching thread.
 */
@FunctionalInterface
public interface Guard {

  /**
   * Judges a round's new hypotheses.
   *
   * @param fresh at least one, scored, in draw order
   * @return those to be told to the strategy, at least one, in order, with the scores they shall
   *     have
   */
  List<Hypothesis> judge(List<Hypothesis> fresh);

  /** Trusts everything. */
  static Guard none() {
    return fresh -> fresh;
  }
}
