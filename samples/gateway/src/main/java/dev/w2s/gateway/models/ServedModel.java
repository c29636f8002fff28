// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.models;

import dev.w2s.search.Guard;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A name that clients ask for, and what it stands for. Null leaves a number to the search that all
 * guided models have.
 *
 * @param weights of guides by name; none for the large model alone
 */
public record ServedModel(
    String name,
    Map<String, Double> weights,
    @Nullable Integer beamWidth,
    @Nullable Integer successors,
    @Nullable Integer chunkLength,
    @Nullable Guard guard) {

  static ServedModel of(String name, Map<String, Double> weights) {
    return new ServedModel(name, weights, null, null, null, null);
  }

  /** Whether anything steers it. */
  public boolean isGuided() {
    return !weights.isEmpty();
  }
}
