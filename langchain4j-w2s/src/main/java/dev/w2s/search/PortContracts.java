// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;
import java.util.Locale;

/**
 * Checks what samplers and scorers return, since anybody may write one. Messages tell places and
 * numbers, not texts, which may be long and private.
 */
final class PortContracts {

  private PortContracts() {}

  static void checkAnswers(List<DrawRequest> requests, List<List<Candidate>> answers) {
    require(answers != null, "sampler returned null, must return a list for each request");
    int size = answers.size();
    if (size != requests.size()) {
      throw broken(
          "sampler returned %d lists for %d requests, must return one for each",
          size, requests.size());
    }
    for (int i = 0; i < size; i++) {
      List<Candidate> answer = answers.get(i);
      int draws = requests.get(i).draws();
      if (answer == null || answer.size() != draws) {
        throw broken(
            "sampler returned %s candidates for request %d, must return exactly %d",
            answer == null ? "null" : answer.size(), i, draws);
      }
      for (int j = 0; j < draws; j++) {
        checkCandidate(i, j, requests.get(i).hypothesis(), answer.get(j));
      }
    }
  }

  private static void checkCandidate(
      int request, int draw, Candidate hypothesis, Candidate candidate) {
    String place = "sampler's candidate " + draw + " for request " + request;
    require(candidate != null, place + " is null, must be a candidate");
    int tokens = candidate.tokens();
    if (tokens < hypothesis.tokens()) {
      throw broken(
          "%s has %d tokens, must have at least the %d of its hypothesis",
          place, tokens, hypothesis.tokens());
    }
    if (candidate.isOpen() && tokens == hypothesis.tokens()) {
      throw broken(
          "%s is OPEN and has %d tokens, must have more than the %d of its hypothesis or be closed",
          place, tokens, hypothesis.tokens());
    }
  }

  static void checkScores(List<Candidate> candidates, CandidateScorer.Scores scores) {
    require(scores != null, "scorer returned null, must return scores");
    List<Double> nats = scores.nats();
    if (nats.size() != candidates.size()) {
      throw broken(
          "scorer returned %d scores for %d candidates, must return one for each",
          nats.size(), candidates.size());
    }
    for (int i = 0; i < nats.size(); i++) {
      if (!Double.isFinite(nats.get(i))) {
        throw broken("scorer's score %d of %d is %s, must be finite", i, nats.size(), nats.get(i));
      }
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalStateException(message);
    }
  }

  private static IllegalStateException broken(String format, Object... arguments) {
    return new IllegalStateException(String.format(Locale.ROOT, format, arguments));
  }
}
