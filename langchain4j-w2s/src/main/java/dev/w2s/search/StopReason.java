// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/** Why a search stopped. */
public enum StopReason {
  /** Every kept hypothesis is closed and the large model ended the best one. */
  ENDED,
  /** Every kept hypothesis is closed and a token limit cut the best one. */
  TOKEN_LIMIT,
  /**
   * Every kept hypothesis is closed and the best one used up the large model's positions, or a
   * {@link PositionsExhaustedException} was thrown after round one.
   */
  POSITIONS,
  /** {@link Budget#time()} was reached. */
  TIME_BUDGET,
  /** {@link Budget#tokens()} was reached. */
  TOKEN_BUDGET,
  /** {@link Budget#calls()} was reached. */
  CALL_BUDGET,
  /** The thread was interrupted, or the sampler or scorer was cancelled, after round one began. */
  CANCELLED,
  /** The sampler or the scorer failed after round one; see {@link SearchResult#failure()}. */
  FAILED
}
