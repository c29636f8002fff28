// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/**
 * Told about each completed round, on the searching thread, before the next one starts; if it wants
 * to, also about the beginning and the end of a search.
 *
 * <p>An exception thrown here leaves {@link Search#run} unchanged: the listener is the caller's own
 * code, and hiding its faults (or calling them the sampler's) would help nobody.
 */
@FunctionalInterface
public interface SearchListener {

  /** Called once for each completed round, in order. */
  void onRound(Round round);

  /**
   * Called when a search begins, before anything is drawn.
   *
   * @return who is to be told of this search: this one, or one that belongs to the search alone,
   *     where several may run at once
   */
  default SearchListener begin() {
    return this;
  }

  /** Called when a search has a result, also if its last round failed. */
  default void onEnd(SearchResult result) {}

  /** Called in place of {@link #onEnd} when a search throws. */
  default void onFailure(Throwable failure) {}

  /** A listener that does nothing. */
  static SearchListener none() {
    return round -> {};
  }
}
