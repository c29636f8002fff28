// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often is tried again what failed for a reason that may pass: a connection cut, a busy hub.
 *
 * @param attempts in all, at least 1
 * @param pause before the second; twice as long each time
 * @param sleeper waits
 */
record Retries(int attempts, Duration pause, Sleeper sleeper) {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  /** A hub that asks for a longer pause is not waited for; its windows are of five minutes. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Five attempts within seven seconds, where the hub asks for no longer pauses. */
  static Retries standard() {
    return new Retries(5, Duration.ofMillis(500), time -> Thread.sleep(time.toMillis()));
  }

  /** One attempt. */
  Retries none() {
    return new Retries(1, pause, sleeper);
  }

  /** Does it, again where it fails. */
  <T> T call(String what, Call<T> call) throws IOException, InterruptedException {
    int failed = 0;
    while (true) {
      try {
        return call.call();
      } catch (IOException e) {
        failed++;
        if (!pauseAfter(failed, what, e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Waits before another attempt.
   *
   * @param failed attempts so far
   * @return false if there is none
   */
  boolean pauseAfter(int failed, String what, IOException failure) throws InterruptedException {
    Duration asked = failure instanceof BusyHubException busy ? busy.retryAfter() : Duration.ZERO;
    if (failed >= attempts || asked.compareTo(LONGEST) > 0) {
      return false;
    }
    Duration own = pause.multipliedBy(1L << (failed - 1));
    Duration longer = asked.compareTo(own) > 0 ? asked : own;
    LOG.warn("{}: {}; trying again in {} s", what, said(failure), longer.toMillis() / 1000.0);
    sleeper.sleep(longer);
    return true;
  }

  /** What an exception says, or what it is where it says nothing, as the JDK's of connections. */
  static String said(IOException failure) {
    String message = failure.getMessage();
    if (message != null) {
      return message;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "the host is not known";
      }
    }
    return failure instanceof ConnectException
        ? "connection refused"
        : failure.getClass().getSimpleName();
  }

  /** One attempt of something. */
  @FunctionalInterface
  interface Call<T> {
    T call() throws IOException, InterruptedException;
  }

  /** Waits for a time. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }
}
