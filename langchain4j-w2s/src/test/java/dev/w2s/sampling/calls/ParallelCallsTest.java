// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.sampling.calls.ParallelCalls.Outcome;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelCallsTest {

  /** One answers at once and one never, whichever comes first. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatIsTooSlowIsLeftBehind(int slow) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    List<Outcome<String>> outcomes =
        new ParallelCalls(2, 1.0)
            .map(List.of(0, 1), i -> i == slow ? never(begun, interrupted) : after(begun));
    assertThat(outcomes.get(1 - slow).value()).isEqualTo("x");
    assertThat(outcomes.get(slow).failure()).hasMessage("left behind: the others were faster");
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** One answers at once, and one as soon as it is waited for. */
  @Test
  void whatIsNotTooSlowIsWaitedFor() {
    Thread caller = Thread.currentThread();
    List<Outcome<String>> outcomes =
        new ParallelCalls(2, 1e6)
            .map(List.of(0, 1), i -> i == 0 ? "at once" : onceWaitedFor(caller));
    assertThat(outcomes).extracting(Outcome::value).containsExactly("at once", "waited for");
  }

  /** Waiting for half of the calls has no limit, waiting for the others has. */
  private static String onceWaitedFor(Thread caller) {
    while (caller.getState() != Thread.State.TIMED_WAITING
        && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
    return "waited for";
  }

  /** Which of them comes first is chance, where calls run side by side. */
  @Test
  void whatWasNotCalledIsNoCause() {
    IllegalStateException broken = new IllegalStateException("broken");
    List<Outcome<String>> outcomes =
        new ParallelCalls(1, null)
            .map(
                List.of(0, 1),
                i -> {
                  throw broken;
                });
    List<Outcome<String>> reversed = List.of(outcomes.get(1), outcomes.get(0));
    assertThat(outcomes.get(1).failure()).hasMessage("not called: the calls before all failed");
    assertThatThrownBy(() -> Outcome.requireSome(reversed, "calls")).isSameAs(broken);
  }

  private static String after(CountDownLatch begun) {
    try {
      begun.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "x";
  }

  private static String never(CountDownLatch begun, CountDownLatch interrupted) {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.countDown();
      Thread.currentThread().interrupt();
    }
    return "never";
  }
}
