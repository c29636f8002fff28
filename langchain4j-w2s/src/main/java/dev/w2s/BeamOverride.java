// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNullElse;

import dev.w2s.search.ChunkBeam;
import dev.w2s.search.SearchSettings;
import org.jspecify.annotations.Nullable;

/** W, K, L and the commit lag as far as somebody has said so. */
record BeamOverride(
    @Nullable Integer beamWidth,
    @Nullable Integer successors,
    @Nullable Integer chunkLength,
    @Nullable Integer commitLag) {
  static final BeamOverride NONE = new BeamOverride(null, null, null, null);

  BeamOverride withBeamWidth(@Nullable Integer value) {
    return new BeamOverride(value, successors, chunkLength, commitLag);
  }

  BeamOverride withSuccessors(@Nullable Integer value) {
    return new BeamOverride(beamWidth, value, chunkLength, commitLag);
  }

  BeamOverride withChunkLength(@Nullable Integer value) {
    return new BeamOverride(beamWidth, successors, value, commitLag);
  }

  BeamOverride withCommitLag(@Nullable Integer value) {
    return new BeamOverride(beamWidth, successors, chunkLength, value);
  }

  /** These values, and where there is none those of another. */
  BeamOverride defaultedBy(BeamOverride that) {
    return new BeamOverride(
        beamWidth != null ? beamWidth : that.beamWidth,
        successors != null ? successors : that.successors,
        chunkLength != null ? chunkLength : that.chunkLength,
        commitLag != null ? commitLag : that.commitLag);
  }

  /**
   * Settings with these values.
   *
   * @throws IllegalArgumentException if one is out of range, or the settings' search has no beam
   */
  SearchSettings over(SearchSettings base) {
    if (equals(NONE)) {
      return base;
    }
    if (!(base.method() instanceof ChunkBeam beam)) {
      throw new IllegalArgumentException(
          "beamWidth, successors, chunkLength and commitLag are %s, %s, %s and %s; the settings' search, %s, has none"
              .formatted(beamWidth, successors, chunkLength, commitLag, base.method()));
    }
    return base.withMethod(
        new ChunkBeam(
            requireNonNullElse(beamWidth, beam.beamWidth()),
            requireNonNullElse(successors, beam.successors()),
            requireNonNullElse(chunkLength, beam.chunkLength()),
            requireNonNullElse(commitLag, beam.commitLag())));
  }
}
