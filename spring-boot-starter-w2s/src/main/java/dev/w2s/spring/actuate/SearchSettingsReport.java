// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.actuate;

import dev.w2s.search.ChunkBeam;
import dev.w2s.search.guard.TrustRegion;
import dev.w2s.spring.properties.SearchProperties;
import org.jspecify.annotations.Nullable;

/**
 * How searches go.
 *
 * @param beamWidth W
 * @param successors K
 * @param chunkLength L in tokens; null where whole responses are drawn
 * @param divergence of the guard, in nats a token; null where there is none
 */
public record SearchSettingsReport(
    int beamWidth, int successors, @Nullable Integer chunkLength, @Nullable Double divergence) {

  static SearchSettingsReport of(SearchProperties search) {
    ChunkBeam beam = search.beam();
    return new SearchSettingsReport(
        beam.beamWidth(),
        beam.successors(),
        beam.chunkLength() == ChunkBeam.bestOf(1).chunkLength() ? null : beam.chunkLength(),
        search.choice() instanceof TrustRegion region ? region.divergence() : null);
  }
}
