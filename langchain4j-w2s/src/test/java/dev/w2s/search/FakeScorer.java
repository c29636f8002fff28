// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A scorer whose scores depend only on the candidate: its text, and whether it ended (written with
 * a full stop behind the text). Each candidate costs as many tokens as it has characters.
 */
final class FakeScorer implements CandidateScorer {

  private final Map<String, Double> nats = new HashMap<>();
  private final Map<String, RuntimeException> failures = new HashMap<>();

  final List<List<String>> rounds = new ArrayList<>();
  boolean closed;

  FakeScorer on(String text, double score) {
    nats.put(text, score);
    return this;
  }

  FakeScorer failOn(String text, RuntimeException failure) {
    failures.put(text, failure);
    return this;
  }

  @Override
  public Scores score(List<Candidate> candidates) {
    rounds.add(candidates.stream().map(FakeScorer::write).toList());
    return new Scores(
        candidates.stream().map(this::score).toList(),
        candidates.stream().mapToLong(candidate -> candidate.text().length()).sum());
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

  static String write(Candidate candidate) {
    return candidate.text() + (candidate.ended() ? "." : "");
  }

  @Override
  public void close() {
    closed = true;
  }
}
