// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/**
 * Told about each completed round, on the searching thread, before the next one starts.
 *
 * <p>An exception thrown here leaves {@link Search#run} unchanged: the listener is the caller's own
 * code, and hiding its faults (or calling them the sampler's) would help nobody.
 */
@FunctionalInterface
public interface SearchListener {

  /** Called once for each completed round, in order. */
  void onRound(Round round);

  /** A listener that does nothing. */
  static SearchListener none() {
    return round -> {};
  }
}
