// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Several guides as one: the score is the sum of weight times score, in nats. Guides on different
 * devices score at the same time; all others in turn, on the searching thread.
 */
public final class WeightedSum implements CandidateScorer {
  private record Term(String name, CandidateScorer scorer, double weight) {
    String device() {
      return scorer instanceof OnDevice placed ? placed.device() : "";
    }
  }

  private final List<Term> terms;

  private WeightedSum(List<Term> terms) {
    this.terms = terms;
  }

  /**
   * Opens the guides' scorers for one search.
   *
   * @param guides at least one
   * @param prompt each guide is shown it in its own format
   * @throws IllegalArgumentException if there is no guide, or one cannot be shown the prompt
   * @throws dev.w2s.model.PositionLimitException if the prompt is longer than a model's positions
   */
  public static WeightedSum open(List<WeightedGuide> guides, Prompt prompt) {
    if (guides.isEmpty()) {
      throw new IllegalArgumentException("guides is empty; a score needs at least one guide");
    }
    WeightedSum sum = new WeightedSum(new ArrayList<>());
    try {
      for (WeightedGuide guide : guides) {
        sum.terms.add(new Term(guide.name(), guide.guide().open(prompt), guide.weight()));
      }
      return sum;
    } catch (RuntimeException | Error e) {
      sum.close();
      throw e;
    }
  }

  /**
   * The sums; a candidate that one guide cannot score has none.
   *
   * @throws PositionsExhaustedException if one of them can score no candidate
   * @throws IllegalStateException if one does not return a finite score, or NaN, for each; the
   *     message names it
   */
  @Override
  public double[] score(List<Candidate> candidates) {
    double[] nats = new double[candidates.size()];
    Map<Term, double[]> byTerm = scoresOfAll(candidates);
    for (Term term : terms) {
      double[] scores = Objects.requireNonNull(byTerm.get(term), term.name());
      for (int i = 0; i < nats.length; i++) {
        nats[i] += term.weight() * scores[i];
      }
    }
    return nats;
  }

  private Map<Term, double[]> scoresOfAll(List<Candidate> candidates) {
    Map<String, List<Term>> byDevice = new LinkedHashMap<>();
    terms.forEach(
        term -> byDevice.computeIfAbsent(term.device(), d -> new ArrayList<>()).add(term));
    List<Term> here = byDevice.remove(byDevice.containsKey("") ? "" : terms.get(0).device());
    List<Beside<Map<Term, double[]>>> elsewhere = new ArrayList<>();
    try {
      byDevice.values().forEach(of -> elsewhere.add(new Beside<>(() -> inTurn(of, candidates))));
      Map<Term, double[]> scores = inTurn(Objects.requireNonNull(here), candidates);
      elsewhere.forEach(call -> scores.putAll(call.await()));
      return scores;
    } finally {
      elsewhere.forEach(Beside::close);
    }
  }

  private static Map<Term, double[]> inTurn(List<Term> terms, List<Candidate> candidates) {
    Map<Term, double[]> scores = new HashMap<>();
    terms.forEach(term -> scores.put(term, scores(term, candidates)));
    return scores;
  }

  private static double[] scores(Term term, List<Candidate> candidates) {
    double[] scores = term.scorer().score(candidates);
    int number = candidates.size();
    if (scores == null || scores.length != number) {
      throw new IllegalStateException(
          "guide '%s' returned %s scores for %d candidates, must return one for each"
              .formatted(term.name(), scores == null ? "no" : scores.length, number));
    }
    for (int i = 0; i < number; i++) {
      if (Double.isInfinite(scores[i])) {
        throw new IllegalStateException(
            "guide '%s' returned %s for candidate %d, must be finite, or NaN for what cannot be scored"
                .formatted(term.name(), scores[i], i));
      }
    }
    if (Arrays.stream(scores).allMatch(Double::isNaN)) {
      throw new PositionsExhaustedException(
          "guide '%s' returned NaN for all %d candidates, must score at least one"
              .formatted(term.name(), number));
    }
    return scores;
  }

  @Override
  public long tokensRun() {
    return terms.stream().mapToLong(term -> term.scorer().tokensRun()).sum();
  }

  /** Closes all, whatever one of them throws; the first exception is thrown on. */
  @Override
  public void close() {
    RuntimeException first = null;
    for (Term term : terms) {
      try {
        term.scorer().close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
