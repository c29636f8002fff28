// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/**
 * What a search, or a part of it, has cost.
 *
 * @param sampledTokens tokens of the large model in all draws, those not kept included
 * @param scoredTokens tokens run through the small models, those that steer the drawing included
 * @param calls calls to the large model
 * @param dropped draws that failed for good, and candidates that could not be scored
 */
public record Usage(long sampledTokens, long scoredTokens, long calls, long dropped) {
  static final Usage NONE = new Usage(0, 0, 0, 0);

  /** What came after an earlier state of the same search. */
  Usage since(Usage earlier) {
    return new Usage(
        sampledTokens - earlier.sampledTokens,
        scoredTokens - earlier.scoredTokens,
        calls - earlier.calls,
        dropped - earlier.dropped);
  }
}
