// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.w2s.search.Cancellation;
import java.util.ArrayList;
import java.util.List;

/** Stops one answer, from any thread; once stopped, always stopped. */
public final class Stop {
  private final Cancellation cancellation = new Cancellation();
  private final List<Runnable> told = new ArrayList<>();

  /** Stops. A second call does nothing. */
  public void stop() {
    List<Runnable> all;
    synchronized (told) {
      cancellation.cancel();
      all = List.copyOf(told);
      told.clear();
    }
    all.forEach(Runnable::run);
  }

  /** Whether it is stopped. */
  public boolean isStopped() {
    return cancellation.isCancelled();
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** Runs when this is stopped, at once if it is already. */
  void whenStopped(Runnable action) {
    synchronized (told) {
      if (!cancellation.isCancelled()) {
        told.add(action);
        return;
      }
    }
    action.run();
  }
}
