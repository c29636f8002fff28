// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A call on a thread of its own. */
class BesideTest {
  private static final int PATIENCE_SECONDS = 30;

  @Test
  void itBringsWhatTheCallBringsFromAThreadThatKeepsNoProcessAlive() {
    try (Beside<Thread> call = new Beside<>(Thread::currentThread)) {
      assertThat(call.await()).isNotSameAs(Thread.currentThread());
      assertThat(call.await().isDaemon()).isTrue();
    }
  }

  @Test
  void whatTheCallThrowsIsThrownAsItIs() {
    assertThrown(new IllegalArgumentException("no such prompt"));
    assertThrown(new OutOfMemoryError("no room"));
  }

  private static void assertThrown(Throwable failure) {
    try (Beside<String> call =
        new Beside<>(
            () -> {
              if (failure instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) failure;
            })) {
      assertThatThrownBy(call::await).isSameAs(failure);
    }
  }

  @Test
  void whoIsInterruptedWhileWaitingWaitsNoLongerAndStaysInterrupted() {
    CountDownLatch end = new CountDownLatch(1);
    try (Beside<Boolean> call = new Beside<>(() -> reached(end))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(call::await).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      end.countDown();
    }
  }

  @Test
  void closingGivesUpACallThatIsOnItsWay() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Beside<Boolean> call =
        new Beside<>(
            () -> {
              begun.countDown();
              boolean waited = reached(never);
              if (!waited && Thread.interrupted()) {
                interrupted.countDown();
              }
              return waited;
            });
    assertThat(reached(begun)).isTrue();
    call.close();
    assertThat(interrupted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** False where nothing comes, or an interrupt, whose flag is set again. */
  private static boolean reached(CountDownLatch latch) {
    try {
      return latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
