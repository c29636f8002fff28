// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.util.function.LongSupplier;

/**
 * Chunk-level beam search (Zhou et al. 2024, "Weak-to-Strong Search", arXiv 2405.19262, section on
 * chunk-level beam search).
 *
 * <ol>
 *   <li>Round one draws W·K continuations of the empty response, each later round K for every open
 *       hypothesis, of at most L tokens each, in one sampler call.
 *   <li>A candidate that is still open at {@link SearchSettings#maxTokens()} is cut. Closed
 *       hypotheses compete on with the score they have; they are not extended, copied or rescored.
 *   <li>Candidates of the same text are merged, the first is kept (with its count of tokens). An
 *       ended response and one of the same text that has not ended stay apart: only the first
 *       carries the probability of the end-of-sequence token, so their scores differ.
 *   <li>The new candidates are scored in one scorer call; the W best of all are kept, earlier draws
 *       first among equals.
 *   <li>The search stops when every kept hypothesis is closed or, between rounds, when the thread
 *       is interrupted or a budget is reached (looked at in this order: time, tokens, calls).
 * </ol>
 *
 * <p>W = 1 with unlimited L is best-of-K. W = K = 1 is plain sampling, and the scorer is not
 * consulted: there is nothing to choose.
 *
 * <p>A search object holds no state of a search; threads may share it if they may share the
 * listener.
 */
public final class ChunkBeamSearch {

  private final SearchSettings settings;
  private final SearchListener listener;
  private final LongSupplier nanoClock;

  /** A search without listener. */
  public ChunkBeamSearch(SearchSettings settings) {
    this(settings, SearchListener.none());
  }

  /** A search whose rounds are reported to the listener. */
  public ChunkBeamSearch(SearchSettings settings, SearchListener listener) {
    this(settings, listener, System::nanoTime);
  }

  ChunkBeamSearch(SearchSettings settings, SearchListener listener, LongSupplier nanoClock) {
    this.settings = requireNonNull(settings, "settings");
    this.listener = requireNonNull(listener, "listener");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
  }

  /**
   * Searches for the best response. Closes neither the sampler nor the scorer: whoever opened them
   * does.
   *
   * <p>If the sampler or the scorer throws after round one, or breaks its contract, the hypotheses
   * kept so far are returned with the exception as {@link SearchResult#failure()}. The reason is
   * {@link StopReason#POSITIONS} for a {@link PositionsExhaustedException}, {@link
   * StopReason#CANCELLED} for a {@link java.util.concurrent.CancellationException} or if the thread
   * is interrupted (a blocked call usually fails then), else {@link StopReason#FAILED}. The
   * interrupt flag is never cleared.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted already
   * @throws IllegalStateException if the sampler or the scorer breaks its contract in round one;
   *     the message names the value and the rule
   * @throws RuntimeException what the sampler or the scorer throws in round one, or the listener in
   *     any round, as it is
   */
  public SearchResult search(CandidateSampler sampler, CandidateScorer scorer) {
    requireNonNull(sampler, "sampler");
    requireNonNull(scorer, "scorer");
    return new SearchRun(settings, listener, nanoClock, sampler, scorer).run();
  }
}
