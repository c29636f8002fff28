// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * The parameters of a chunk-level beam search: W, K and L of the paper (section on chunk-level beam
 * search), and where to stop.
 *
 * @param beamWidth W, hypotheses kept after each round
 * @param successors K, continuations drawn for each kept hypothesis; round one draws W·K
 * @param chunkLength L, most tokens of the large model in one continuation, or {@link #UNLIMITED}
 * @param maxTokens most tokens of the large model in the response, or {@link #UNLIMITED}
 * @param budget what the search may cost
 */
public record SearchSettings(
    int beamWidth, int successors, int chunkLength, int maxTokens, Budget budget) {

  /** As chunkLength: whole responses. As maxTokens: the large model's own limit. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** The token limit where none is given: the paper's for instruction following. */
  public static final int DEFAULT_MAX_TOKENS = 2048;

  /**
   * Most draws in one round, beamWidth·successors; every one of them is held and scored at once.
   */
  public static final int MAX_DRAWS = 1024;

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a number is below 1, or beamWidth·successors above {@link
   *     #MAX_DRAWS}; the message names the argument and its value
   */
  public SearchSettings {
    requireAtLeastOne("beamWidth", beamWidth);
    requireAtLeastOne("successors", successors);
    requireAtLeastOne("chunkLength", chunkLength);
    requireAtLeastOne("maxTokens", maxTokens);
    requireNonNull(budget, "budget");
    long draws = (long) beamWidth * successors;
    if (draws > MAX_DRAWS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "beamWidth * successors is %d * %d = %d, must be at most %d",
              beamWidth,
              successors,
              draws,
              MAX_DRAWS));
    }
  }

  /** W, K, L = 4, 4, 5, the paper's for sentiment and summarization, with the default limits. */
  public static SearchSettings defaults() {
    return chunkBeam(4, 4, 5);
  }

  /**
   * A chunk-level beam search of at most {@link #DEFAULT_MAX_TOKENS} tokens, without budget.
   *
   * @param beamWidth W
   * @param successors K
   * @param chunkLength L, in tokens of the large model
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static SearchSettings chunkBeam(int beamWidth, int successors, int chunkLength) {
    return new SearchSettings(
        beamWidth, successors, chunkLength, DEFAULT_MAX_TOKENS, Budget.none());
  }

  /**
   * Best-of-N: the best of n whole responses of at most {@link #DEFAULT_MAX_TOKENS} tokens.
   *
   * @param n number of responses to choose from
   * @throws IllegalArgumentException if n is out of range
   */
  public static SearchSettings bestOf(int n) {
    return chunkBeam(1, n, UNLIMITED);
  }

  /** Plain sampling: one whole response, the scorer is not consulted. */
  public static SearchSettings plainSampling() {
    return bestOf(1);
  }

  /** These settings with another limit on the response, in tokens of the large model. */
  public SearchSettings withMaxTokens(int maxTokens) {
    return new SearchSettings(beamWidth, successors, chunkLength, maxTokens, budget);
  }

  /** These settings with another budget. */
  public SearchSettings withBudget(Budget budget) {
    return new SearchSettings(beamWidth, successors, chunkLength, maxTokens, budget);
  }

  /** Whether there is anything to choose from; if not (W = K = 1), no scorer is consulted. */
  public boolean isGuided() {
    return beamWidth > 1 || successors > 1;
  }

  static void requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
    }
  }
}
