// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairScore;
import dev.w2s.guidance.PairSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Scores the same candidates with the cache that is kept and, if asked to, without it, and times
 * each way. The search goes on with the cached scores.
 */
final class ComparingScorer implements CandidateScorer {
  private final GuidancePair pair;
  private final String prompt;
  private final boolean afresh;
  private final IntPredicate shared;
  private final PairSession cached;
  private int round;
  private RoundCost.Scoring last = new RoundCost.Scoring(0, Double.NaN, Double.NaN, 0);

  /**
   * @param afresh whether to score afresh as well
   * @param shared in which rounds then to measure a session for the round too
   */
  ComparingScorer(GuidancePair pair, String prompt, boolean afresh, IntPredicate shared) {
    this.pair = pair;
    this.prompt = prompt;
    this.afresh = afresh;
    this.shared = shared;
    cached = pair.openSession(Prompt.of(prompt));
  }

  /** What the last call cost. */
  RoundCost.Scoring last() {
    return last;
  }

  @Override
  public double[] score(List<Candidate> candidates) {
    round++;
    List<Response> responses =
        candidates.stream().map(c -> new Response(c.text(), c.ended())).toList();
    long start = System.nanoTime();
    List<PairScore> scores = cached.score(responses);
    double cachedSeconds = RoundCost.seconds(System.nanoTime() - start);
    double sharedSeconds = Double.NaN;
    double afreshSeconds = Double.NaN;
    double difference = 0;
    if (afresh) {
      start = System.nanoTime();
      List<PairScore> alone = scoreAlone(responses);
      afreshSeconds = RoundCost.seconds(System.nanoTime() - start);
      difference = largestDifference(scores, alone);
      if (shared.test(round)) {
        start = System.nanoTime();
        scoreTogether(responses);
        sharedSeconds = RoundCost.seconds(System.nanoTime() - start);
      }
    }
    last = new RoundCost.Scoring(cachedSeconds, sharedSeconds, afreshSeconds, difference);
    return scores.stream().mapToDouble(PairScore::logRatio).toArray();
  }

  private List<PairScore> scoreAlone(List<Response> responses) {
    List<PairScore> scores = new ArrayList<>();
    for (Response response : responses) {
      scores.addAll(scoreTogether(List.of(response)));
    }
    return scores;
  }

  private List<PairScore> scoreTogether(List<Response> responses) {
    try (PairSession session = pair.openSession(Prompt.of(prompt))) {
      return session.score(responses);
    }
  }

  private static double largestDifference(List<PairScore> one, List<PairScore> other) {
    double largest = 0;
    for (int i = 0; i < one.size(); i++) {
      largest = Math.max(largest, Math.abs(one.get(i).logRatio() - other.get(i).logRatio()));
    }
    return largest;
  }

  @Override
  public long tokensRun() {
    return cached.tokensRun();
  }

  @Override
  public void close() {
    cached.close();
  }
}
