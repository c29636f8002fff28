// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A name that clients may ask for. What is not set is as for all guided models.
 *
 * @param guides Weights of the guides that steer it, by the guide's name; none for the large model
 *     alone.
 * @param beamWidth W, hypotheses kept after each round.
 * @param successors K, continuations drawn for each.
 * @param chunkLength L, tokens of a continuation.
 * @param guard Whether the search is kept near the large model.
 */
public record NamedModel(
    @DefaultValue Map<String, Double> guides,
    @Nullable Integer beamWidth,
    @Nullable Integer successors,
    @Nullable Integer chunkLength,
    @Nullable Boolean guard) {

  /** Copies the map. */
  public NamedModel {
    guides = new LinkedHashMap<>(guides);
  }
}
