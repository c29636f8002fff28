// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/**
 * What a search has cost so far.
 *
 * @param sampledTokens tokens of the large model in all draws, those not kept included
 * @param scoredTokens tokens run through the small models
 * @param calls calls to the large model
 * @param dropped draws that failed for good, and candidates that could not be scored
 */
public record Usage(long sampledTokens, long scoredTokens, long calls, long dropped) {}
