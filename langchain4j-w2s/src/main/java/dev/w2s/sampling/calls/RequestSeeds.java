// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import org.jspecify.annotations.Nullable;

/**
 * Seeds of requests, made of the search's: never two alike, or two equal prompts would have equal
 * continuations.
 *
 * @param seed of the search; null for none
 */
public record RequestSeeds(@Nullable Long seed) {

  /**
   * The seed of one request, never negative: servers differ in what they take.
   *
   * @param round of the search
   * @param request within the round
   */
  public @Nullable Long of(long round, long request) {
    if (seed == null) {
      return null;
    }
    long mixed = seed * 0x9E3779B97F4A7C15L + round * 0xBF58476D1CE4E5B9L + request;
    mixed = (mixed ^ (mixed >>> 31)) * 0x94D049BB133111EBL;
    return (mixed ^ (mixed >>> 29)) >>> 33;
  }
}
