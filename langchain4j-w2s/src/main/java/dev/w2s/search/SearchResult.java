// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search found. Its rounds are told to a listener, such as {@link Trace}, and not kept here.
 *
 * @param hypotheses those that the strategy held last, each with its own score, best first; never
 *     empty. They may be open where the search did not run to its end; what was held back of an
 *     open one is then part of its text, but not of its score
 * @param rounds how many rounds were completed, at least 1
 * @param stopReason why the search stopped
 * @param usage what the search cost, a failed last round included
 * @param failure what the sampler or the scorer threw in the last, failed round; null if no round
 *     failed
 */
public record SearchResult(
    List<Hypothesis> hypotheses,
    int rounds,
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
    requireNonNull(stopReason, "stopReason");
    requireNonNull(usage, "usage");
    if (hypotheses.isEmpty()) {
      throw new IllegalArgumentException("hypotheses is empty, must hold at least one");
    }
  }

  /** The hypothesis with the highest score. */
  public Hypothesis best() {
    return hypotheses.get(0);
  }
}
