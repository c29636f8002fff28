// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The beam of one {@link ChunkBeam} search. */
final class ChunkBeamStrategy implements SearchStrategy {
  private static final Comparator<Hypothesis> BEST_FIRST =
      Comparator.comparingDouble(Hypothesis::score).reversed();

  private final ChunkBeam settings;
  private final Lineage lineage;
  private List<Hypothesis> beam = List.of();

  ChunkBeamStrategy(ChunkBeam settings) {
    this.settings = settings;
    lineage = new Lineage(settings.commitLag());
  }

  @Override
  public List<DrawRequest> ask() {
    if (beam.isEmpty()) {
      return List.of(new DrawRequest(Hypothesis.root(), settings.draws(), settings.chunkLength()));
    }
    return beam.stream()
        .filter(Hypothesis::isOpen)
        .map(open -> new DrawRequest(open, settings.successors(), settings.chunkLength()))
        .toList();
  }

  @Override
  public void tell(List<Hypothesis> fresh) {
    List<Hypothesis> competitors =
        new ArrayList<>(beam.stream().filter(hypothesis -> !hypothesis.isOpen()).toList());
    List<Integer> carried = competitors.stream().map(Hypothesis::id).toList();
    fresh.stream().filter(drawn -> !carried.contains(drawn.id())).forEach(competitors::add);
    // A stable sort: among equal scores the earlier draw stays first.
    List<Hypothesis> kept =
        competitors.stream().sorted(BEST_FIRST).limit(settings.beamWidth()).toList();
    beam = settings.commitLag() == SearchSettings.UNLIMITED ? kept : lineage.commit(kept);
  }

  @Override
  public List<Hypothesis> best() {
    return beam;
  }
}
