// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNull;

import dev.w2s.sampling.continuation.Continuation;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a chat model is used as large model.
 *
 * @param length tokens of a text, where the model does not report them
 * @param scoresThinking whether guides judge the model's thinking in front of its text, too; null
 *     for no
 * @param concurrency calls at a time of a model that is not local, over all searches; null for
 *     {@link #DEFAULT_CONCURRENCY}
 * @param continuation how a model that is not local goes on with an answer; null for {@link
 *     Continuation#WHOLE}
 */
public record ChatModelOptions(
    ToIntFunction<String> length,
    @Nullable Boolean scoresThinking,
    @Nullable Integer concurrency,
    @Nullable Continuation continuation) {

  /** Calls at a time where nobody says otherwise. */
  public static final int DEFAULT_CONCURRENCY = 4;

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if concurrency is below 1
   */
  public ChatModelOptions {
    requireNonNull(length, "length");
    if (concurrency != null && concurrency < 1) {
      throw new IllegalArgumentException(
          "concurrency is " + concurrency + "; it must be at least 1");
    }
  }
}
