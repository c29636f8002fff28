// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search found.
 *
 * @param hypotheses the hypotheses kept last, each with its own score, best first; never empty. All
 *     are closed if the reason is that the search ran to its end, else some may be open
 * @param rounds the trace of every completed round, never empty. It holds the texts of all
 *     candidates: whoever stores results for long should drop it
 * @param stopReason why the search stopped
 * @param usage what the search cost, a failed last round included as far as it is known
 * @param failure what the sampler or the scorer threw in the last, failed round; null if no round
 *     failed
 */
public record SearchResult(
    List<ScoredCandidate> hypotheses,
    List<Round> rounds,
    StopReason stopReason,
    Usage usage,
    @Nullable RuntimeException failure) {

  /**
   * Checks and copies the components.
   *
   * @throws IllegalArgumentException if there is no hypothesis
   */
  public SearchResult {
    hypotheses = List.copyOf(hypotheses);
    rounds = List.copyOf(rounds);
    requireNonNull(stopReason, "stopReason");
    requireNonNull(usage, "usage");
    if (hypotheses.isEmpty()) {
      throw new IllegalArgumentException("hypotheses is empty, must hold at least one");
    }
  }

  /** The kept hypothesis with the highest score. */
  public ScoredCandidate best() {
    return hypotheses.get(0);
  }
}
