// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import dev.w2s.search.SearchSettings;
import java.util.List;

/**
 * One way to a response that the demo measures.
 *
 * @param name as printed
 * @param settings the search that it is
 * @param prompted whether the untuned model under two sentences guides, in place of the pair
 */
public record DemoMethod(String name, SearchSettings settings, boolean prompted) {
  public static final int TOKENS = 30;

  /** Unguided first, the one to show off last; the guided ones draw equally much. */
  public static final List<DemoMethod> ALL =
      List.of(
          by("base", SearchSettings.plainSampling(), false),
          by("best-of-16", SearchSettings.bestOf(16), false),
          by("CBS prompted", SearchSettings.chunkBeam(4, 4, 5), true),
          by("CBS(4,4,5)", SearchSettings.chunkBeam(4, 4, 5), false));

  private static DemoMethod by(String name, SearchSettings settings, boolean prompted) {
    return new DemoMethod(name, settings.withMaxTokens(TOKENS), prompted);
  }

  /** The same, but shorter. */
  DemoMethod withMaxTokens(int tokens) {
    return new DemoMethod(name, settings.withMaxTokens(tokens), prompted);
  }
}
