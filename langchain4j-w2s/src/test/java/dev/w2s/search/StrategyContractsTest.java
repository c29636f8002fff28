// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import dev.w2s.search.guard.TrustRegion;
import dev.w2s.testkit.SearchStrategyContract;
import org.junit.jupiter.api.Nested;

/** The library's own search keeps the contract that others are asked to keep. */
class StrategyContractsTest {

  private abstract static class OfABeam extends SearchStrategyContract {
    private final ChunkBeam beam;

    OfABeam(ChunkBeam beam) {
      this.beam = beam;
    }

    @Override
    protected SearchMethod method() {
      return beam;
    }

    @Override
    protected int mostDraws() {
      return beam.draws();
    }
  }

  @Nested
  class OfAChunkBeam extends OfABeam {
    OfAChunkBeam() {
      super(new ChunkBeam(3, 2, 2));
    }
  }

  /** It may continue one hypothesis by all draws of a round. */
  @Nested
  class OfAGuardedBeam extends OfABeam {
    OfAGuardedBeam() {
      super(new ChunkBeam(3, 2, 2));
    }

    @Override
    protected Guard guard() {
      return new TrustRegion(0.2);
    }
  }

  @Nested
  class OfAGuardedBeamThatCommits extends OfABeam {
    OfAGuardedBeamThatCommits() {
      super(new ChunkBeam(3, 2, 2, 2));
    }

    @Override
    protected Guard guard() {
      return new TrustRegion(0.2);
    }
  }

  @Nested
  class OfBestOfN extends OfABeam {
    OfBestOfN() {
      super(ChunkBeam.bestOf(6));
    }
  }
}
