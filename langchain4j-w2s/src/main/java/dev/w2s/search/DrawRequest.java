// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

/**
 * Asks a {@link CandidateSampler} for continuations of one hypothesis.
 *
 * @param hypothesis the open response to continue
 * @param draws number of continuations, at least 1
 * @param maxTokens most tokens of the large model in each continuation, at least 1; {@link
 *     SearchSettings#UNLIMITED} leaves the length to the large model
 */
public record DrawRequest(Candidate hypothesis, int draws, int maxTokens) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the hypothesis is not open or a number is below 1
   */
  public DrawRequest {
    requireNonNull(hypothesis, "hypothesis");
    if (!hypothesis.isOpen()) {
      throw new IllegalArgumentException(
          "hypothesis is " + hypothesis.status() + ", must be OPEN to be continued");
    }
    SearchSettings.requireAtLeastOne("draws", draws);
    SearchSettings.requireAtLeastOne("maxTokens", maxTokens);
  }
}
