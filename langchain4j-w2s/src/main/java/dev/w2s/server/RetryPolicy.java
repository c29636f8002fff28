// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How often a request is made again that failed for a reason that may pass, and how long to wait
 * before: twice as long each time, within a half more or less by chance, so that many do not come
 * back at once; at least what the server asks for.
 *
 * @param attempts in all, at least 1
 * @param pause before the second attempt
 * @param longest pause; a server that asks for a longer one is not waited for
 */
public record RetryPolicy(int attempts, Duration pause, Duration longest) {
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504, 529);

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if there is no attempt, or a pause is negative or longer than
   *     the longest
   */
  public RetryPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts is " + attempts + ", must be at least 1");
    }
    if (pause.isNegative() || pause.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "pause is %s, must be from 0 to the longest, %s".formatted(pause, longest));
    }
  }

  /** Four attempts, a pause of half a second at first and of 20 seconds at most. */
  public static RetryPolicy defaults() {
    return new RetryPolicy(4, Duration.ofMillis(500), Duration.ofSeconds(20));
  }

  /** One attempt. */
  public static RetryPolicy never() {
    return new RetryPolicy(1, Duration.ZERO, Duration.ZERO);
  }

  /** Whether another attempt may have another status. */
  static boolean mayPass(int status) {
    return PASSING.contains(status);
  }

  /**
   * How long to wait before another attempt.
   *
   * @param failed attempts so far
   * @param retryAfter what the server asks for: seconds, whole or not, a date of HTTP, or something
   *     else
   * @return longer than {@link #longest} where that is what the server asks for
   */
  Duration pauseAfter(int failed, String retryAfter, Instant now, RandomGenerator random) {
    double doubled = (double) pause.toMillis() * Math.pow(2, failed - 1.0);
    double capped = Math.min(doubled, (double) longest.toMillis());
    Duration own = Duration.ofMillis((long) (capped * (0.5 + random.nextDouble())));
    Duration shortened = own.compareTo(longest) > 0 ? longest : own;
    Duration asked = asked(retryAfter, now);
    return asked.compareTo(shortened) > 0 ? asked : shortened;
  }

  private static Duration asked(String retryAfter, Instant now) {
    String value = retryAfter.strip();
    if (value.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      return Duration.ofMillis((long) Math.ceil(Double.parseDouble(value) * 1000));
    }
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Duration.between(now, then);
    } catch (DateTimeParseException e) {
      return Duration.ZERO; // none, or one that nobody understands
    }
  }
}
