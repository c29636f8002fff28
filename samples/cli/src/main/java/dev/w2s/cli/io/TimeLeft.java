// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How long the rest will take, if a step takes as long as those so far. */
final class TimeLeft {
  private final LongSupplier nanoTime;
  private final int before;
  private final int total;
  private final long start;

  /**
   * @param before steps that were done already, however long they took
   */
  TimeLeft(LongSupplier nanoTime, int before, int total) {
    this.nanoTime = nanoTime;
    this.before = before;
    this.total = total;
    start = nanoTime.getAsLong();
  }

  /** As in {@code , 20 of 100, 2:05 left}; empty where nothing is known. */
  String after(int done) {
    if (done <= before) {
      return "";
    }
    double each = (nanoTime.getAsLong() - start) / (double) (done - before);
    Duration left = Duration.ofNanos((long) (each * (total - done)));
    String clock =
        left.toHours() > 0
            ? String.format(
                Locale.ROOT,
                "%d:%02d:%02d",
                left.toHours(),
                left.toMinutesPart(),
                left.toSecondsPart())
            : String.format(Locale.ROOT, "%d:%02d", left.toMinutes(), left.toSecondsPart());
    return String.format(Locale.ROOT, ", %d of %d, %s left", done, total, clock);
  }
}
