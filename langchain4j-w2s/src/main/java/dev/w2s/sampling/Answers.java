// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.w2s.sampling.calls.DelegateException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits for what comes from another thread. */
final class Answers {
  private Answers() {}

  /**
   * The answer.
   *
   * @throws CancellationException if the thread is interrupted, whose flag is set again
   * @throws RuntimeException the failure, wrapped if it is checked
   */
  static <T extends @Nullable Object> T await(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for the large model");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new DelegateException("the stream failed: " + cause, e);
    }
  }
}
