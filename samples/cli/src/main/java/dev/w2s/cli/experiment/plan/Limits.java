// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import org.jspecify.annotations.Nullable;

/**
 * Where a run stops. They are no part of what the experiment is.
 *
 * @param prompts how many of them, from the first; null for all
 * @param failures more failed samples than these end a run
 * @param minutes after which a run ends with what it has; null for none
 */
public record Limits(@Nullable Integer prompts, int failures, @Nullable Double minutes) {
  public static final int DEFAULT_FAILURES = 10;

  /** The same for fewer prompts, or more. */
  public Limits withPrompts(int number) {
    return new Limits(number, failures, minutes);
  }
}
