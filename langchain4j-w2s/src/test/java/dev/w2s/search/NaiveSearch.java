// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * The definition of the search, written down as naively as possible to compare {@link Search} with:
 * recursive, on bare candidates, scoring everything anew whenever it compares and finding the best
 * by looking through all.
 */
record NaiveSearch(
    ChunkBeam settings,
    int maxTokens,
    BiFunction<Candidate, Integer, List<Candidate>> draws, // by hypothesis and maxTokens, endless
    ToDoubleFunction<Candidate> score,
    Map<Candidate, Candidate> parents) {

  NaiveSearch(
      ChunkBeam settings,
      int maxTokens,
      BiFunction<Candidate, Integer, List<Candidate>> draws,
      ToDoubleFunction<Candidate> score) {
    this(settings, maxTokens, draws, score, new IdentityHashMap<>());
  }

  /** The beam after each round; the last is the result. */
  List<List<Candidate>> beams() {
    List<Candidate> competitors = new ArrayList<>();
    addDraws(competitors, Candidate.empty(), settings.beamWidth() * settings.successors());
    List<List<Candidate>> beams = new ArrayList<>();
    follow(committed(best(competitors)), beams);
    return beams;
  }

  private void follow(List<Candidate> beam, List<List<Candidate>> beams) {
    beams.add(beam);
    List<Candidate> competitors = new ArrayList<>();
    for (Candidate hypothesis : beam) {
      if (!hypothesis.isOpen()) {
        competitors.add(hypothesis);
      }
    }
    if (competitors.size() == beam.size()) {
      return;
    }
    for (Candidate hypothesis : beam) {
      if (hypothesis.isOpen()) {
        addDraws(competitors, hypothesis, settings.successors());
      }
    }
    follow(committed(best(competitors)), beams);
  }

  /** Those that begin with what the best one was, a lag ago. */
  private List<Candidate> committed(List<Candidate> beam) {
    Candidate settled = beam.get(0);
    while (settled.tokens() > Math.max(0, beam.get(0).tokens() - settings.commitLag())) {
      settled = parents.get(settled);
    }
    String text = settled.text();
    return beam.stream().filter(candidate -> candidate.text().startsWith(text)).toList();
  }

  private void addDraws(List<Candidate> competitors, Candidate hypothesis, int number) {
    int room = maxTokens - hypothesis.tokens();
    int length = room < settings.chunkLength() ? room : settings.chunkLength();
    for (Candidate drawn : draws.apply(hypothesis, length).subList(0, number)) {
      boolean atLimit = drawn.tokens() >= maxTokens;
      Candidate.Status status = drawn.isOpen() && atLimit ? Candidate.Status.CUT : drawn.status();
      Candidate competitor = new Candidate(drawn.text(), drawn.tokens(), status);
      parents.put(competitor, hypothesis);
      competitors.add(competitor);
    }
  }

  /** Takes the first of the highest score W times, leaving out what was taken already. */
  private List<Candidate> best(List<Candidate> competitors) {
    List<Candidate> taken = new ArrayList<>();
    while (taken.size() < settings.beamWidth()) {
      Candidate best = null;
      for (Candidate candidate : competitors) {
        boolean known = taken.stream().anyMatch(other -> same(candidate, other));
        if (!known
            && (best == null || score.applyAsDouble(candidate) > score.applyAsDouble(best))) {
          best = candidate;
        }
      }
      if (best == null) {
        return taken;
      }
      taken.add(best);
    }
    return taken;
  }

  private static boolean same(Candidate one, Candidate other) {
    return one.text().equals(other.text())
        && (one.status() == Candidate.Status.ENDED) == (other.status() == Candidate.Status.ENDED);
  }
}
