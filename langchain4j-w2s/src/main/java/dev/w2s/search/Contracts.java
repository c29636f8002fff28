// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks what samplers, scorers, guards and strategies return, since anybody may write one.
 * Messages tell places and numbers, not texts, which may be long and private.
 */
final class Contracts {

  private Contracts() {}

  static void checkRequests(List<DrawRequest> requests, SearchStrategy strategy) {
    require(requests != null, "strategy asked with null, must ask with a list");
    require(
        !requests.isEmpty() || !strategy.best().isEmpty(),
        "strategy asks for nothing and holds nothing, must ask for draws first");
    long draws = requests.stream().mapToLong(DrawRequest::draws).sum();
    if (draws > SearchSettings.MAX_DRAWS) {
      throw broken(
          "strategy asks for %d draws in a round, must ask for at most %d",
          draws, SearchSettings.MAX_DRAWS);
    }
  }

  static void checkHeld(SearchStrategy strategy) {
    require(
        !strategy.best().isEmpty(),
        "strategy holds nothing after it was told, must hold something");
  }

  static void checkAnswers(List<DrawRequest> requests, List<List<Candidate>> answers) {
    require(answers != null, "sampler returned null, must return a list for each request");
    int size = answers.size();
    if (size != requests.size()) {
      throw broken(
          "sampler returned %d lists for %d requests, must return one for each",
          size, requests.size());
    }
    boolean any = false;
    for (int i = 0; i < size; i++) {
      List<Candidate> answer = answers.get(i);
      int draws = requests.get(i).draws();
      if (answer == null || answer.size() > draws) {
        throw broken(
            "sampler returned %s candidates for request %d, must return at most %d",
            answer == null ? "null" : answer.size(), i, draws);
      }
      for (int j = 0; j < answer.size(); j++) {
        checkCandidate(i, j, requests.get(i).response(), answer.get(j));
      }
      any |= !answer.isEmpty();
    }
    require(any, "sampler returned no candidate at all, must throw when every draw failed");
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
    require(
        candidate.text().startsWith(hypothesis.text()),
        place + " does not start with the text of its hypothesis, must go on from it");
  }

  static void checkScores(List<Candidate> candidates, double[] nats) {
    require(nats != null, "scorer returned null, must return scores");
    if (nats.length != candidates.size()) {
      throw broken(
          "scorer returned %d scores for %d candidates, must return one for each",
          nats.length, candidates.size());
    }
    for (int i = 0; i < nats.length; i++) {
      if (Double.isInfinite(nats[i])) {
        throw broken(
            "scorer's score %d of %d is %s, must be finite, or NaN for what cannot be scored",
            i, nats.length, nats[i]);
      }
    }
  }

  static void checkChosen(List<Contender> contenders, int places, List<Hypothesis> chosen) {
    int number = chosen == null ? 0 : chosen.size();
    if (number < 1 || number > places) {
      throw broken("guard chose %d hypotheses, must choose from 1 to %d", number, places);
    }
    Set<Hypothesis> known =
        contenders.stream().map(Contender::hypothesis).collect(Collectors.toSet());
    for (Hypothesis hypothesis : chosen) {
      if (!known.contains(hypothesis)) {
        throw broken(
            "guard chose hypothesis %s, must choose among the round's",
            hypothesis == null ? "null" : hypothesis.id());
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
