// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Cancels searches, from any thread. A search under way is interrupted, so that what waits for the
 * large model gives up; it returns the best response so far, as {@link StopReason#CANCELLED}. One
 * that has not begun is refused. Once cancelled, always cancelled.
 *
 * <p>The interrupt that comes from here ends with the search: the thread's flag is clear again when
 * the search returns.
 */
public final class Cancellation {
  private final Set<Thread> searching = new HashSet<>();
  private boolean cancelled;

  /** Cancels. A second call does nothing. */
  public synchronized void cancel() {
    if (!cancelled) {
      cancelled = true;
      searching.forEach(Thread::interrupt);
    }
  }

  /** Whether {@link #cancel} was called. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * The calling thread begins to search.
   *
   * @throws CancellationException if this is cancelled already, or the thread interrupted
   */
  synchronized void enter() {
    if (cancelled) {
      throw new CancellationException("cancelled before the first round");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted before the first round");
    }
    searching.add(Thread.currentThread());
  }

  /** The calling thread has ended its search; from now on no interrupt of ours reaches it. */
  synchronized void leave() {
    if (searching.remove(Thread.currentThread()) && cancelled) {
      Thread.interrupted(); // ours, and it has been heard
    }
  }
}
