// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells how far the download of a large file has come: at its begin, now and then, at its end. */
final class Progress {
  /** Smaller files come at once. */
  private static final long LARGE = 8_000_000;

  private static final long EVERY = Duration.ofSeconds(10).toNanos();

  private final String name;
  private final long size;
  private final LongSupplier nanos;
  private final Consumer<String> out;
  private final long begin;
  private long told;

  /**
   * @param size in bytes; negative where it is not known
   * @param nanos the time
   */
  Progress(String name, long size, LongSupplier nanos, Consumer<String> out) {
    this.name = name;
    this.size = size;
    this.nanos = nanos;
    this.out = out;
    begin = nanos.getAsLong();
    told = begin;
    if (size >= LARGE) {
      out.accept(name + ": downloading " + Bytes.text(size));
    }
  }

  /** So many bytes are there. */
  void at(long bytes) {
    long now = nanos.getAsLong();
    if (size >= LARGE && now - told >= EVERY) {
      told = now;
      out.accept(
          "%s: %d %%, %s of %s"
              .formatted(name, 100 * bytes / size, Bytes.text(bytes), Bytes.text(size)));
    }
  }

  /** It is there and checked. */
  void done() {
    if (size >= LARGE) {
      out.accept("%s: done in %d s".formatted(name, (nanos.getAsLong() - begin) / 1_000_000_000));
    }
  }
}
