// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;

/**
 * The large model in one search: draws continuations of hypotheses at the caller's temperature. A
 * sampler belongs to one prompt and one search, and is called from the searching thread only.
 *
 * <p>A sampler that waits should react to an interrupt by throwing (for instance {@link
 * java.util.concurrent.CancellationException}) with the interrupt flag set; the search then ends as
 * {@link StopReason#CANCELLED}.
 */
public interface CandidateSampler extends AutoCloseable {

  /**
   * Draws continuations; called once a round, so that all requests can go out as one batch.
   *
   * @param requests the hypotheses to continue, best first
   * @return for each request, in order, exactly {@link DrawRequest#draws()} candidates. Each holds
   *     the whole response (hypothesis and continuation) and its total tokens; one that is still
   *     open must have more tokens than its hypothesis, or the search would never end. The text
   *     need not start with the hypothesis's text: the seam may decode differently.
   */
  List<List<Candidate>> sample(List<DrawRequest> requests);

  /** Calls made to the large model so far in this search, not negative. */
  long calls();

  /** Frees what the sampler holds. Called by whoever opened it, never by the search. */
  @Override
  void close();
}
