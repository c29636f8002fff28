// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNull;

import dev.w2s.prompt.PromptFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a {@code LanguageModel} is used as large model.
 *
 * @param format how it sees a prompt
 * @param chunkCutter measures the chunks of a model that is not local; null for {@code
 *     defaultCutter}
 * @param defaultCutter measures where nobody has chosen; null where there is none
 * @param concurrency calls at a time of a model that is not local, over all searches; null for 1.
 *     More need a model that is safe for use by several threads
 */
public record LanguageModelOptions(
    PromptFormat format,
    @Nullable ChunkCutter chunkCutter,
    @Nullable ChunkCutter defaultCutter,
    @Nullable Integer concurrency) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if concurrency is below 1
   */
  public LanguageModelOptions {
    requireNonNull(format, "format");
    if (concurrency != null && concurrency < 1) {
      throw new IllegalArgumentException(
          "concurrency is " + concurrency + "; it must be at least 1");
    }
  }
}
