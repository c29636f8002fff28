// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A scorer whose scores depend only on the candidate: its text, and whether it ended (written with
 * a full stop behind the text). Each candidate costs as many tokens as it has characters.
 */
public final class FakeScorer implements CandidateScorer {

  private final Map<String, Double> nats = new HashMap<>();
  private final Map<String, RuntimeException> failures = new HashMap<>();

  public final List<List<String>> rounds = new ArrayList<>();
  public boolean closed;
  private long tokens;

  public FakeScorer on(String text, double score) {
    nats.put(text, score);
    return this;
  }

  public FakeScorer failOn(String text, RuntimeException failure) {
    failures.put(text, failure);
    return this;
  }

  @Override
  public double[] score(List<Candidate> candidates) {
    rounds.add(candidates.stream().map(FakeScorer::write).toList());
    double[] scores = candidates.stream().mapToDouble(this::score).toArray();
    tokens += candidates.stream().mapToLong(candidate -> candidate.text().length()).sum();
    return scores;
  }

  @Override
  public long tokensRun() {
    return tokens;
  }

  private double score(Candidate candidate) {
    String text = write(candidate);
    if (failures.containsKey(text)) {
      throw failures.get(text);
    }
    if (!nats.containsKey(text)) {
      throw new AssertionError("the fake has no score for '" + text + "'");
    }
    return nats.get(text);
  }

  public static String write(Candidate candidate) {
    return candidate.text() + (candidate.ended() ? "." : "");
  }

  @Override
  public void close() {
    closed = true;
  }
}
