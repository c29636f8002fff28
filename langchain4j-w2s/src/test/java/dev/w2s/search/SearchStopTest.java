// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.testkit.FakeSampler;
import dev.w2s.testkit.FakeScorer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * When a search stops and what it says about it. The large model here goes on for ever, one {@code
 * a} or {@code b} a round; {@code b} is better.
 */
class SearchStopTest {

  private final FakeSampler sampler =
      new FakeSampler().on("", "a", "b").on("b", "a", "b").on("bb", "a", "b").on("bbb", "a", "b");
  private final FakeScorer scorer =
      new FakeScorer()
          .on("a", 0)
          .on("b", 1)
          .on("ba", 0)
          .on("bb", 2)
          .on("bba", 0)
          .on("bbb", 3)
          .on("bbba", 0)
          .on("bbbb", 4);
  private final Trace trace = new Trace();
  private final Cancellation cancellation = new Cancellation();
  private final AtomicLong nanos = new AtomicLong(-5); // System.nanoTime() may be negative, too
  private final SearchSettings settings = SearchSettings.chunkBeam(1, 2, 1).withMaxTokens(4);

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  private SearchResult search(Budget budget) {
    return new Search(settings.withBudget(budget), nanos::get)
        .run(sampler, scorer, trace, cancellation);
  }

  private static void assertStopped(
      SearchResult result, StopReason reason, String text, int rounds) {
    assertThat(result.stopReason()).isEqualTo(reason);
    assertThat(result.best().candidate().text()).isEqualTo(text);
    assertThat(result.rounds()).isEqualTo(rounds);
  }

  @Test
  void withoutBudgetTheTokenLimitStops() {
    assertStopped(search(Budget.none()), StopReason.TOKEN_LIMIT, "bbbb", 4);
  }

  @Test
  void theTimeBudgetStopsAfterTheRoundThatReachesIt() {
    sampler.when("b", () -> nanos.addAndGet(1_000_000));
    sampler.when("bb", () -> nanos.addAndGet(1_000_000));

    SearchResult result = search(Budget.none().withTime(Duration.ofMillis(2)));

    assertStopped(result, StopReason.TIME_BUDGET, "bbb", 3);
    assertThat(trace.rounds())
        .extracting(Round::sampling)
        .containsExactly(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1));
  }

  @Test
  void theTokenBudgetCountsAllDraws() {
    SearchResult result = search(Budget.none().withTokens(4));

    assertStopped(result, StopReason.TOKEN_BUDGET, "bb", 2);
    assertThat(result.usage().sampledTokens()).isEqualTo(4);
  }

  @Test
  void theCallBudgetCountsTheSamplersCalls() {
    sampler.callsPerRequest(7);

    SearchResult result = search(Budget.none().withCalls(14));

    assertStopped(result, StopReason.CALL_BUDGET, "bb", 2);
    assertThat(result.usage().calls()).isEqualTo(14);
  }

  @Test
  void theSmallestBudgetStillAllowsOneRoundAndTimeIsLookedAtFirst() {
    sampler.when("", () -> nanos.addAndGet(1));
    Budget least = new Budget(Duration.ofNanos(1), 1, 1);

    assertStopped(search(least), StopReason.TIME_BUDGET, "b", 1);
  }

  @Test
  void aFinishedSearchDoesNotBlameTheBudget() {
    sampler.on("", "a.", "b.");
    scorer.on("a.", 1).on("b.", 0);

    assertStopped(search(Budget.none().withTokens(2)), StopReason.ENDED, "a", 1);
  }

  @Test
  void theReasonIsThatOfTheBestHypothesis() {
    sampler.on("", "a!", "b|");
    scorer.on("a", 1).on("b", 0);
    SearchSettings two = SearchSettings.chunkBeam(2, 1, 3);

    SearchResult ranOut = new Search(two).run(sampler, scorer);
    scorer.on("b", 2);
    SearchResult cut = new Search(two).run(sampler, scorer);

    assertStopped(ranOut, StopReason.OUT_OF_POSITIONS, "a", 1);
    assertStopped(cut, StopReason.TOKEN_LIMIT, "b", 1);
  }

  @Test
  void anInterruptBetweenRoundsReturnsTheBestSoFarAndStaysSet() {
    sampler.when("b", () -> Thread.currentThread().interrupt());

    SearchResult result = search(Budget.none().withTokens(1_000));

    assertStopped(result, StopReason.CANCELLED, "bb", 2);
    assertThat(result.failure()).isNull();
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void anInterruptBeforeTheFirstRoundThrowsAndAsksNobody() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> search(Budget.none()))
        .isInstanceOf(CancellationException.class)
        .hasMessage("interrupted before the first round");
    assertThat(sampler.rounds).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void aSamplerThatAnswersAnInterruptByThrowingIsCancelledNotFailed() {
    RuntimeException interrupted = new IllegalStateException("interrupted while waiting");
    sampler.when(
        "bb",
        () -> {
          Thread.currentThread().interrupt();
          throw interrupted;
        });

    SearchResult result = search(Budget.none());

    assertStopped(result, StopReason.CANCELLED, "bb", 2);
    assertThat(result.failure()).isSameAs(interrupted);
  }

  @Test
  void aCancelledSamplerEndsTheSearchAsCancelled() {
    CancellationException cancelled = new CancellationException("by the user");
    sampler.when(
        "b",
        () -> {
          throw cancelled;
        });

    SearchResult result = search(Budget.none());

    assertStopped(result, StopReason.CANCELLED, "b", 1);
    assertThat(result.failure()).isSameAs(cancelled);
  }

  @Test
  void aCancellationFromAnotherThreadEndsABlockedSearchAndLeavesNoInterrupt() {
    CountDownLatch waiting = new CountDownLatch(1);
    sampler.when(
        "bb",
        () -> {
          waiting.countDown();
          waitForEver();
        });
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> {
              await(waiting);
              cancellation.cancel();
              cancellation.cancel();
            });

    SearchResult result = search(Budget.none());
    other.join();

    assertStopped(result, StopReason.CANCELLED, "bb", 2);
    assertThat(result.failure()).isInstanceOf(CancellationException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(cancellation.isCancelled()).isTrue();
  }

  @Test
  void aCancellationBetweenRoundsReturnsTheBestSoFar() {
    sampler.when("b", cancellation::cancel);

    assertStopped(search(Budget.none()), StopReason.CANCELLED, "bb", 2);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aCancelledSearchDoesNotBegin() {
    cancellation.cancel();

    assertThatThrownBy(() -> search(Budget.none()))
        .isInstanceOf(CancellationException.class)
        .hasMessage("cancelled before the first round");
    assertThat(sampler.rounds).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aCancellationAfterTheSearchReachesNobody() {
    search(Budget.none());

    cancellation.cancel();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private static void waitForEver() {
    await(new CountDownLatch(1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
