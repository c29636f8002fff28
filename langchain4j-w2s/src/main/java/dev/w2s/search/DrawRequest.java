// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

/**
 * Asks for continuations of one hypothesis.
 *
 * @param from the open hypothesis to continue
 * @param draws number of continuations, at least 1
 * @param maxTokens most tokens of the large model in each continuation, at least 1; {@link
 *     SearchSettings#UNLIMITED} leaves the length to the large model
 */
public record DrawRequest(Hypothesis from, int draws, int maxTokens) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the hypothesis is not open or a number is below 1
   */
  public DrawRequest {
    requireNonNull(from, "from");
    if (!from.isOpen()) {
      throw new IllegalArgumentException(
          "hypothesis is " + from.candidate().status() + ", must be OPEN to be continued");
    }
    SearchSettings.requireAtLeastOne("draws", draws);
    SearchSettings.requireAtLeastOne("maxTokens", maxTokens);
  }

  /** The response to continue. */
  public Candidate response() {
    return from.candidate();
  }

  /** This request, for a response of no more than so many tokens in all. */
  DrawRequest within(int mostTokens) {
    // Unlimited stays unlimited, so that a sampler can recognise it in every round. What remains is
    // positive: an open hypothesis has fewer tokens than the limit, or it would have been cut.
    return mostTokens == SearchSettings.UNLIMITED
        ? this
        : new DrawRequest(from, draws, Math.min(maxTokens, mostTokens - response().tokens()));
  }
}
