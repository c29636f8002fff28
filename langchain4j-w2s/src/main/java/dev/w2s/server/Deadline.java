// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an answer is of no more use: no request is begun later, and no pause goes beyond it.
 *
 * @param nanoTime of {@link System#nanoTime()}; null for never
 */
public record Deadline(@Nullable Long nanoTime) {
  private static final Deadline NEVER = new Deadline(null);

  /** None. */
  public static Deadline never() {
    return NEVER;
  }

  /**
   * So long from now.
   *
   * @param time null, or longer than a century, for never
   */
  public static Deadline in(@Nullable Duration time) {
    return time == null || time.toDays() > 36_500
        ? NEVER
        : new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left of a time, not negative. */
  Duration within(Duration time) {
    if (nanoTime == null) {
      return time;
    }
    Duration left = Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    return left.compareTo(time) < 0 ? left : time;
  }
}
