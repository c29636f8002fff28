// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

/**
 * How a search goes and where it stops.
 *
 * @param method the kind of search with its parameters
 * @param maxTokens most tokens of the large model in the response, or {@link #UNLIMITED}
 * @param budget what the search may cost
 * @param guard what chooses among the hypotheses of a round
 */
public record SearchSettings(SearchMethod method, int maxTokens, Budget budget, Guard guard) {

  /** As chunkLength: whole responses. As maxTokens: the large model's own limit. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** The token limit where none is given: the paper's for instruction following. */
  public static final int DEFAULT_MAX_TOKENS = 2048;

  /** Most draws in one round; every one of them is held and scored at once. */
  public static final int MAX_DRAWS = 1024;

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if maxTokens is below 1
   */
  public SearchSettings {
    requireNonNull(method, "method");
    requireNonNull(budget, "budget");
    requireNonNull(guard, "guard");
    requireAtLeastOne("maxTokens", maxTokens);
  }

  /** W, K, L = 4, 4, 5, at most {@link #DEFAULT_MAX_TOKENS} tokens, no budget, no guard. */
  public static SearchSettings defaults() {
    return of(ChunkBeam.defaults());
  }

  /** A kind of search with the default limits: {@link #DEFAULT_MAX_TOKENS} tokens, no budget. */
  public static SearchSettings of(SearchMethod method) {
    return new SearchSettings(method, DEFAULT_MAX_TOKENS, Budget.none(), Guard.none());
  }

  /**
   * A chunk-level beam search with the default limits.
   *
   * @param beamWidth W
   * @param successors K
   * @param chunkLength L, in tokens of the large model
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static SearchSettings chunkBeam(int beamWidth, int successors, int chunkLength) {
    return of(new ChunkBeam(beamWidth, successors, chunkLength));
  }

  /**
   * Best-of-N with the default limits.
   *
   * @param n number of whole responses to choose from
   * @throws IllegalArgumentException if n is out of range
   */
  public static SearchSettings bestOf(int n) {
    return of(ChunkBeam.bestOf(n));
  }

  /** Plain sampling with the default limits: one whole response, the scorer is not consulted. */
  public static SearchSettings plainSampling() {
    return bestOf(1);
  }

  /** These settings with another kind of search. */
  public SearchSettings withMethod(SearchMethod method) {
    return new SearchSettings(method, maxTokens, budget, guard);
  }

  /** These settings with another limit on the response, in tokens of the large model. */
  public SearchSettings withMaxTokens(int maxTokens) {
    return new SearchSettings(method, maxTokens, budget, guard);
  }

  /** These settings with another budget. */
  public SearchSettings withBudget(Budget budget) {
    return new SearchSettings(method, maxTokens, budget, guard);
  }

  /** These settings with another guard. */
  public SearchSettings withGuard(Guard guard) {
    return new SearchSettings(method, maxTokens, budget, guard);
  }

  /** Whether there is anything to choose; if not, no scorer is consulted. */
  public boolean hasChoice() {
    return method.hasChoice();
  }

  static void requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
    }
  }
}
