// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import dev.w2s.local.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes blocking calls, so many at a time over all searches; one at a time stays on the caller's
 * thread. The threads are daemons that end when idle, so there is nothing to close.
 */
public final class ParallelCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ParallelCalls.class);
  private final int concurrency;
  private final @Nullable Double patience;
  private final @Nullable ExecutorService executor;

  /**
   * What came of a call.
   *
   * @param value the answer, null if it failed
   * @param failure what was thrown, null if it succeeded; also where the call was not made any more
   */
  public record Outcome<B>(@Nullable B value, @Nullable RuntimeException failure) {
    public static <B> List<B> values(List<Outcome<B>> outcomes) {
      List<B> values = new ArrayList<>();
      outcomes.forEach(outcome -> Optional.ofNullable(outcome.value()).ifPresent(values::add));
      return values;
    }

    public static List<RuntimeException> failures(List<? extends Outcome<?>> outcomes) {
      List<RuntimeException> failures = new ArrayList<>();
      outcomes.forEach(outcome -> Optional.ofNullable(outcome.failure()).ifPresent(failures::add));
      return failures;
    }

    /**
     * Goes on without those that failed, with a warning.
     *
     * @param what failed, in the plural
     * @throws RuntimeException the first failure, as it is, if all have failed
     */
    public static void requireSome(List<? extends Outcome<?>> outcomes, String what) {
      List<RuntimeException> failures = failures(outcomes);
      if (failures.isEmpty()) {
        return;
      }
      RuntimeException first =
          failures.stream()
              .filter(failure -> !(failure instanceof NotCalled))
              .findFirst()
              .orElse(failures.get(0));
      if (failures.size() == outcomes.size()) {
        throw first;
      }
      LOG.warn(
          "{} of {} {} failed and are left out; the first: {}",
          failures.size(),
          outcomes.size(),
          what,
          first.toString());
      LOG.debug("the first failure in full", first);
    }
  }

  /**
   * @param concurrency calls at a time, at least 1
   * @param patience times as long as the first half of the calls took the others are waited for, at
   *     least 1; null for as long as they take
   */
  public ParallelCalls(int concurrency, @Nullable Double patience) {
    this.concurrency = concurrency;
    this.patience = patience;
    executor = concurrency == 1 ? null : DaemonThreads.bounded("w2s-sampling", concurrency);
  }

  /**
   * Makes a call for each input. A failed call stands alone; only when as many have failed as are
   * made at a time, and none has succeeded, the rest is not tried: the model is not there.
   *
   * @return the outcomes in the order of the inputs
   * @throws CancellationException if the thread is interrupted; calls not begun are not made
   */
  public <A, B> List<Outcome<B>> map(List<A> inputs, Function<A, B> call) {
    Attempts<A, B> attempts = new Attempts<>(call, concurrency);
    if (executor == null) {
      return inputs.stream().map(attempts::tryUnlessInterrupted).toList();
    }
    List<Future<?>> running = new ArrayList<>();
    List<CompletableFuture<Outcome<B>>> outcomes = new ArrayList<>();
    CountDownLatch half = new CountDownLatch((inputs.size() + 1) / 2);
    long start = System.nanoTime();
    try {
      for (A input : inputs) {
        CompletableFuture<Outcome<B>> outcome = new CompletableFuture<>();
        outcomes.add(outcome);
        running.add(executor.submit(() -> complete(outcome, () -> attempts.tryOne(input), half)));
      }
      half.await();
      long tookHalf = System.nanoTime() - start;
      List<Outcome<B>> all = new ArrayList<>();
      for (CompletableFuture<Outcome<B>> outcome : outcomes) {
        all.add(await(outcome, start, tookHalf));
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      cancel(running);
    }
  }

  /**
   * Those not done: slow ones, after an error, or all. The last ones come first: a thread that
   * gives up its call must find none that waits.
   */
  private static void cancel(List<Future<?>> running) {
    for (int i = running.size() - 1; i >= 0; i--) {
      running.get(i).cancel(true);
    }
  }

  private static <B> void complete(
      CompletableFuture<Outcome<B>> outcome, Supplier<Outcome<B>> call, CountDownLatch half) {
    try {
      outcome.complete(call.get());
    } catch (Throwable e) {
      outcome.completeExceptionally(e);
    } finally {
      half.countDown();
    }
  }

  /** Its outcome, or that it was left behind. */
  private <B> Outcome<B> await(CompletableFuture<Outcome<B>> outcome, long start, long tookHalf)
      throws InterruptedException, ExecutionException {
    if (patience == null) {
      return outcome.get();
    }
    double left = patience * (double) tookHalf - (double) (System.nanoTime() - start);
    try {
      return outcome.get(Math.max(0, (long) left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new Outcome<>(null, new DelegateException("left behind: the others were faster"));
    }
  }

  /** No call was made, which is never the cause of a failure. */
  private static final class NotCalled extends DelegateException {
    private static final long serialVersionUID = 1L;

    NotCalled() {
      super("not called: the calls before all failed");
    }
  }

  private static CancellationException cancelled() {
    return new CancellationException("interrupted while waiting for the large model");
  }

  /** The calls of one round. */
  private static final class Attempts<A, B> {
    private final Function<A, B> call;
    private final int mostFailures;
    private final AtomicInteger succeeded = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    Attempts(Function<A, B> call, int mostFailures) {
      this.call = call;
      this.mostFailures = mostFailures;
    }

    Outcome<B> tryUnlessInterrupted(A input) {
      if (Thread.currentThread().isInterrupted()) {
        throw cancelled();
      }
      return tryOne(input);
    }

    Outcome<B> tryOne(A input) {
      if (succeeded.get() == 0 && failed.get() >= mostFailures) {
        return new Outcome<>(null, new NotCalled());
      }
      try {
        Outcome<B> outcome = new Outcome<>(call.apply(input), null);
        succeeded.incrementAndGet();
        return outcome;
      } catch (RuntimeException e) {
        failed.incrementAndGet();
        return new Outcome<>(null, e);
      }
    }
  }
}
