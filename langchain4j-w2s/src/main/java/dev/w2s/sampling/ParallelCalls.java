// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes blocking calls, so many at a time; one at a time stays on the caller's thread. */
final class ParallelCalls implements AutoCloseable {
  private final @Nullable ExecutorService executor;

  /**
   * @throws IllegalArgumentException if concurrency is below 1
   */
  ParallelCalls(int concurrency) {
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "concurrency is " + concurrency + "; it must be at least 1");
    }
    executor =
        concurrency == 1
            ? null
            : Executors.newFixedThreadPool(
                concurrency,
                task -> {
                  Thread thread = new Thread(task, "w2s-sampling");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  /**
   * The results in the order of the inputs.
   *
   * @throws CancellationException if the thread is interrupted while it waits
   * @throws RuntimeException what the first failing call throws, as it is
   */
  <A, B> List<B> map(List<A> inputs, Function<A, B> call) {
    if (executor == null) {
      return inputs.stream().map(call).toList();
    }
    List<Callable<B>> tasks = new ArrayList<>();
    inputs.forEach(input -> tasks.add(() -> call.apply(input)));
    try {
      List<B> results = new ArrayList<>();
      for (Future<B> future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for the large model");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    if (executor != null) {
      executor.shutdownNow();
    }
  }
}
