// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a search may cost. Budgets are checked between rounds: a search does at least one round, and
 * the round that reaches a budget is completed, so the cost may exceed the budget by one round.
 *
 * @param time wall-clock time since the search began, or {@link #NO_TIME_LIMIT}
 * @param tokens tokens of the large model sampled in all draws, or {@link #NO_LIMIT}
 * @param calls calls to the large model, see {@link SamplingCost#calls()}, or {@link #NO_LIMIT}
 */
public record Budget(Duration time, long tokens, long calls) {

  /** As time: no limit. */
  public static final Duration NO_TIME_LIMIT = Duration.ofSeconds(Long.MAX_VALUE);

  /** As tokens or calls: no limit. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  private static final Budget NONE = new Budget(NO_TIME_LIMIT, NO_LIMIT, NO_LIMIT);

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if one is not positive; the message names it and its value
   */
  public Budget {
    requireNonNull(time, "time");
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("time is " + time + ", must be positive");
    }
    SearchSettings.requireAtLeastOne("tokens", tokens);
    SearchSettings.requireAtLeastOne("calls", calls);
  }

  /** No limits at all. */
  public static Budget none() {
    return NONE;
  }

  /** This budget with another limit of wall-clock time. */
  public Budget withTime(Duration time) {
    return new Budget(time, tokens, calls);
  }

  /** This budget with another limit of sampled tokens. */
  public Budget withTokens(long tokens) {
    return new Budget(time, tokens, calls);
  }

  /** This budget with another limit of calls to the large model. */
  public Budget withCalls(long calls) {
    return new Budget(time, tokens, calls);
  }
}
