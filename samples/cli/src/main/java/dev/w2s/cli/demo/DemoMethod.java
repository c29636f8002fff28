// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import dev.w2s.search.SearchSettings;
import java.util.List;

/**
 * One way to a response that the demo measures.
 *
 * @param name as printed
 * @param settings the search that it is
 */
public record DemoMethod(String name, SearchSettings settings) {
  public static final int TOKENS = 30;

  /** Unguided first, the one to show off last; the two guided ones draw equally much. */
  public static final List<DemoMethod> ALL =
      List.of(
          new DemoMethod("base", SearchSettings.plainSampling().withMaxTokens(TOKENS)),
          new DemoMethod("best-of-16", SearchSettings.bestOf(16).withMaxTokens(TOKENS)),
          new DemoMethod("CBS(4,4,5)", SearchSettings.chunkBeam(4, 4, 5).withMaxTokens(TOKENS)));
}
