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
   * @param requests the hypotheses to continue
   * @return for each request, in order, its candidates: {@link DrawRequest#draws()} of them, or
   *     fewer where draws failed for good, but at least one in all. Each holds the whole response
   *     (hypothesis and continuation), so its text starts with the hypothesis's text, and its total
   *     tokens; one that is still open must have more tokens than its hypothesis, or the search
   *     would never end
   * @throws RuntimeException if every draw failed
   */
  List<List<Candidate>> sample(List<DrawRequest> requests);

  /** The cost so far, which is true also after a failure. */
  SamplingCost cost();

  /** Frees what the sampler holds. Called by whoever opened it, never by the search. */
  @Override
  void close();
}
