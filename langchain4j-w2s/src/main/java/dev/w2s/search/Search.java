// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.util.function.LongSupplier;

/**
 * Runs a search: asks the strategy what to draw, draws, scores, and tells the strategy what came of
 * it, round by round.
 *
 * <ol>
 *   <li>One sampler call draws all that the strategy asks for. A candidate that is still open at
 *       {@link SearchSettings#maxTokens()} is cut.
 *   <li>Equal candidates are merged, the first is kept (with its count of tokens and its handle)
 *       and counts the others. An ended response and one of the same text that has not ended stay
 *       apart: only the first carries the probability of the end-of-sequence token, so their scores
 *       differ. A draw that repeats a closed hypothesis which the strategy holds is not scored
 *       again.
 *   <li>One scorer call scores what is new; what cannot be scored is dropped. Where there is
 *       nothing to choose, no scorer is consulted.
 *   <li>The strategy is told, which asks the guard what to keep, then the listener.
 *   <li>The search stops when the strategy asks for nothing or, between rounds, when it is
 *       cancelled or interrupted, or a budget is reached (looked at in this order: time, tokens,
 *       calls).
 * </ol>
 *
 * <p>A search object holds no state of a search: threads may share it.
 */
public final class Search {

  private final SearchSettings settings;
  private final LongSupplier nanoClock;

  /** A search of any number of prompts, one after the other or at the same time. */
  public Search(SearchSettings settings) {
    this(settings, System::nanoTime);
  }

  Search(SearchSettings settings, LongSupplier nanoClock) {
    this.settings = requireNonNull(settings, "settings");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
  }

  /** Searches without listener; only an interrupt cancels. See the other method. */
  public SearchResult run(CandidateSampler sampler, CandidateScorer scorer) {
    return run(sampler, scorer, SearchListener.none(), new Cancellation());
  }

  /**
   * Searches for the best response. Closes neither the sampler nor the scorer: whoever opened them
   * does.
   *
   * <p>If the sampler or the scorer throws after round one, or one of them, the guard or the
   * strategy breaks its contract, the hypotheses held so far are returned with the exception as
   * {@link SearchResult#failure()}. The reason is {@link StopReason#OUT_OF_POSITIONS} for a {@link
   * PositionsExhaustedException}, {@link StopReason#CANCELLED} for a {@link
   * java.util.concurrent.CancellationException} or if the search is cancelled (a blocked call
   * usually fails then), else {@link StopReason#FAILED}. An interrupt from elsewhere than the
   * cancellation is never cleared.
   *
   * @throws java.util.concurrent.CancellationException if the search is cancelled, or the thread
   *     interrupted, already
   * @throws IllegalStateException if a contract is broken in round one; the message names the value
   *     and the rule
   * @throws RuntimeException what the sampler or the scorer throws in round one, or the listener in
   *     any round, as it is
   */
  public SearchResult run(
      CandidateSampler sampler,
      CandidateScorer scorer,
      SearchListener listener,
      Cancellation cancellation) {
    requireNonNull(sampler, "sampler");
    requireNonNull(scorer, "scorer");
    requireNonNull(listener, "listener");
    cancellation.enter();
    try {
      SearchListener told = listener.begin();
      return run(new SearchRun(settings, nanoClock, sampler, scorer, told, cancellation), told);
    } finally {
      cancellation.leave();
    }
  }

  private static SearchResult run(SearchRun search, SearchListener listener) {
    SearchResult result;
    try {
      result = search.run();
    } catch (RuntimeException | Error failure) {
      listener.onFailure(failure);
      throw failure;
    }
    listener.onEnd(result);
    return result;
  }
}
