// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A call that waits for a server or another device, beside other work.
 *
 * @param <T> what it brings
 */
final class Beside<T> implements AutoCloseable {
  private final FutureTask<T> call;

  /** Begins it, on a thread of its own. */
  Beside(Supplier<T> call) {
    this.call = new FutureTask<>(call::get);
    Thread thread = new Thread(this.call, "w2s-pair");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * What it brings.
   *
   * @throws CancellationException if this thread is interrupted, whose flag is set again
   * @throws RuntimeException what the call throws, as it is
   */
  T await() {
    try {
      return call.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for a guide");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Gives the call up, if it is still on its way. */
  @Override
  public void close() {
    call.cancel(true);
  }
}
