// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import dev.w2s.search.Guard;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.guard.TrustRegion;
import java.util.List;

/**
 * One way to a response that the demo measures.
 *
 * @param name as printed
 * @param settings the search that it is
 * @param prompted whether the untuned model under two sentences guides, in place of the pair
 * @param guard what keeps the search near the base
 */
public record DemoMethod(String name, SearchSettings settings, boolean prompted, Guard guard) {
  public static final int TOKENS = 30;

  /** Unguided first, the one whose text is shown last; the guided ones draw equally much. */
  public static final List<DemoMethod> ALL =
      List.of(
          by("base", SearchSettings.plainSampling(), false, Guard.none()),
          by("best-of-16", SearchSettings.bestOf(16), false, Guard.none()),
          by("CBS prompted", SearchSettings.chunkBeam(4, 4, 5), true, Guard.none()),
          by("CBS(4,4,5)", SearchSettings.chunkBeam(4, 4, 5), false, Guard.none()),
          by("CBS guarded", SearchSettings.chunkBeam(4, 4, 5), false, TrustRegion.defaults()));

  private static DemoMethod by(
      String name, SearchSettings settings, boolean prompted, Guard guard) {
    return new DemoMethod(name, settings.withMaxTokens(TOKENS), prompted, guard);
  }

  /** The same, but shorter. */
  DemoMethod withMaxTokens(int tokens) {
    return new DemoMethod(name, settings.withMaxTokens(tokens), prompted, guard);
  }
}
