// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/** A kind of search with its parameters: makes a strategy for each search. Immutable. */
public interface SearchMethod {

  /**
   * A new strategy, at the start of its search.
   *
   * @param guard to be asked what to keep, wherever the strategy would go by scores
   */
  SearchStrategy start(Guard guard);

  /** Whether there is anything to choose; if not, no scorer is consulted. */
  default boolean hasChoice() {
    return true;
  }
}
