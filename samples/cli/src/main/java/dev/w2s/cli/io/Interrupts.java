// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import dev.w2s.search.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While it is open, Ctrl-C (or a TERM signal) does not end the process at once: it cancels the
 * searches, and the process ends when this is closed, with what has been found printed.
 */
public final class Interrupts implements AutoCloseable {

  /** A search comes to its end within a round; who waits for longer is left. */
  private static final int SECONDS = 30;

  private final Cancellation cancellation = new Cancellation();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "w2s-interrupt");

  private Interrupts() {}

  /** From now on. */
  public static Interrupts open() {
    Interrupts interrupts = new Interrupts();
    Runtime.getRuntime().addShutdownHook(interrupts.hook);
    return interrupts;
  }

  private void interrupted() {
    cancellation.cancel();
    try {
      done.await(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What cancels the searches. */
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is on its way out, which is what the hook was for.
      assert cancellation.isCancelled();
    }
  }
}
