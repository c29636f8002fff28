// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many of a thing in native memory were opened on a device and how many still are: exact, so
 * that a test sees what any one path leaves behind, where resident memory shows only a flood.
 */
final class OpenCount {
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();

  void countOpened() {
    opened.incrementAndGet();
  }

  void countClosed() {
    closed.incrementAndGet();
  }

  /** Opened so far. */
  long total() {
    return opened.get();
  }

  /** Opened and not closed. */
  long open() {
    return opened.get() - closed.get();
  }
}
