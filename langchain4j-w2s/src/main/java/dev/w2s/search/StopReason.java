// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/** Why a search stopped. */
public enum StopReason {
  /** The search is finished and the large model ended the best one. */
  ENDED,
  /** The search is finished and a token limit cut the best one. */
  TOKEN_LIMIT,
  /**
   * The search is finished and the best hypothesis used up the large model's positions, or a {@link
   * PositionsExhaustedException} was thrown after round one.
   */
  OUT_OF_POSITIONS,
  /** The strategy asked for no more though its best hypothesis may go on. */
  FINISHED,
  /** {@link Budget#time()} was reached. */
  TIME_BUDGET,
  /** {@link Budget#tokens()} was reached. */
  TOKEN_BUDGET,
  /** {@link Budget#calls()} was reached. */
  CALL_BUDGET,
  /**
   * Cancelled by {@link Cancellation}, by an interrupt, or by sampler or scorer, after round one.
   */
  CANCELLED,
  /** The sampler or the scorer failed after round one; see {@link SearchResult#failure()}. */
  FAILED
}
