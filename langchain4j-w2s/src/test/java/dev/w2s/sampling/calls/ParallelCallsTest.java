// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.sampling.calls.ParallelCalls.Outcome;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
