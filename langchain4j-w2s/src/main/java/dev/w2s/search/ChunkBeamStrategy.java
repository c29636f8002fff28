// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The beam of one {@link ChunkBeam} search. */
final class ChunkBeamStrategy implements SearchStrategy {

  private final ChunkBeam settings;
  private final Guard guard;
  private final Lineage lineage;

  /** How many times each hypothesis is kept; best first. */
  private Map<Hypothesis, Integer> beam = Map.of();

  ChunkBeamStrategy(ChunkBeam settings, Guard guard) {
    this.settings = settings;
    this.guard = guard;
    lineage = new Lineage(settings.commitLag());
  }

  @Override
  public List<DrawRequest> ask() {
    if (beam.isEmpty()) {
      return List.of(new DrawRequest(Hypothesis.root(), settings.draws(), settings.chunkLength()));
    }
    List<DrawRequest> requests = new ArrayList<>();
    beam.forEach(
        (hypothesis, times) -> {
          if (hypothesis.isOpen()) {
            int draws = times * settings.successors();
            requests.add(new DrawRequest(hypothesis, draws, settings.chunkLength()));
          }
        });
    return requests;
  }

  @Override
  public void tell(List<Hypothesis> fresh) {
    List<Hypothesis> kept = guard.choose(contenders(fresh), settings.beamWidth());
    Map<Hypothesis, Integer> times = new LinkedHashMap<>();
    kept.forEach(hypothesis -> times.merge(hypothesis, 1, Integer::sum));
    if (settings.commitLag() != SearchSettings.UNLIMITED) {
      times.keySet().retainAll(lineage.commit(List.copyOf(times.keySet())));
    }
    beam = times;
  }

  private List<Contender> contenders(List<Hypothesis> fresh) {
    Map<Integer, Hypothesis> held = new HashMap<>();
    held.put(Hypothesis.root().id(), Hypothesis.root());
    beam.keySet().forEach(hypothesis -> held.put(hypothesis.id(), hypothesis));
    Map<Hypothesis, Integer> draws = draws(fresh, held);
    double all = draws.values().stream().mapToInt(Integer::intValue).sum();
    List<Contender> contenders = new ArrayList<>();
    draws.forEach(
        (hypothesis, number) -> {
          Hypothesis parent = held.getOrDefault(hypothesis.parent(), hypothesis);
          Hypothesis from = held.containsKey(hypothesis.id()) ? hypothesis : parent;
          contenders.add(new Contender(hypothesis, from, number / all));
        });
    return contenders;
  }

  /** Closed ones first, as often as they would have been continued and were drawn again. */
  private Map<Hypothesis, Integer> draws(List<Hypothesis> fresh, Map<Integer, Hypothesis> held) {
    Map<Hypothesis, Integer> draws = new LinkedHashMap<>();
    beam.forEach(
        (hypothesis, times) -> {
          if (!hypothesis.isOpen()) {
            draws.put(hypothesis, times * settings.successors());
          }
        });
    for (Hypothesis drawn : fresh) {
      draws.merge(held.getOrDefault(drawn.id(), drawn), drawn.draws(), Integer::sum);
    }
    return draws;
  }

  @Override
  public List<Hypothesis> best() {
    return List.copyOf(beam.keySet());
  }
}
