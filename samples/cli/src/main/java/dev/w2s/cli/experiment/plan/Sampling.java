// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are drawn. What is null a server is not told, and a model in this process has as the
 * paper has it.
 *
 * @param maxTokens most tokens of a response
 * @param stop texts that end a response
 */
public record Sampling(
    @Nullable Double temperature,
    @Nullable Integer topK,
    @Nullable Double topP,
    int maxTokens,
    List<String> stop) {
  public static final double PAPERS_TEMPERATURE = 0.7;
  public static final int PAPERS_TOP_K = 50;
  public static final int PAPERS_TOKENS = 50;
}
