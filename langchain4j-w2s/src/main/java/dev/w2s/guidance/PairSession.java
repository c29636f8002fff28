// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.stream.Collectors.joining;

import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores responses to one prompt under both models of a pair, whose caches live as long as the
 * session. For one thread at a time.
 */
public final class PairSession implements AutoCloseable {
  /** One of each model, or one of the model that both are, with both prompts. */
  private final List<ResponseScores> sessions;

  /** Takes over a session of each model. */
  PairSession(ResponseScores tuned, ResponseScores untuned) {
    sessions = List.of(tuned, untuned);
  }

  /** Takes over a session with the prompt as the tuned and as the untuned model reads it. */
  PairSession(ResponseScores both) {
    sessions = List.of(both);
  }

  /**
   * Scores responses.
   *
   * @return one score for each, in order
   * @throws dev.w2s.model.PositionLimitException if one is too long for a model
   */
  public List<PairScore> score(List<Response> responses) {
    List<List<Score>> byPrompt = scoreEach(responses);
    List<Score> byTuned = byPrompt.get(0);
    List<Score> byUntuned = byPrompt.get(1);
    List<PairScore> scores = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      scores.add(
          new PairScore(
              byTuned.get(i).logProbability(),
              byUntuned.get(i).logProbability(),
              byTuned.get(i).tokens()));
    }
    return scores;
  }

  /** A model behind a server or on another device works while the other one does. */
  private List<List<Score>> scoreEach(List<Response> responses) {
    ResponseScores first = sessions.get(0);
    if (sessions.size() == 1) {
      return first.scoreEach(responses);
    }
    ResponseScores second = sessions.get(1);
    ResponseScores waiting = first.waits() ? first : second;
    ResponseScores other = waiting == first ? second : first;
    if (!waiting.waits() && first.device().equals(second.device())) {
      return inOrder(first.scoreEach(responses), second.scoreEach(responses));
    }
    try (Beside<List<List<Score>>> call = new Beside<>(waiting.prepare(responses))) {
      List<List<Score>> own = other.scoreEach(responses);
      return waiting == first ? inOrder(call.await(), own) : inOrder(own, call.await());
    }
  }

  private static List<List<Score>> inOrder(List<List<Score>> tuned, List<List<Score>> untuned) {
    return List.of(tuned.get(0), untuned.get(0));
  }

  /** For each response, in order, whether both models have positions enough. */
  public List<Boolean> fit(List<Response> responses) {
    List<List<Boolean>> each = sessions.stream().map(session -> session.fit(responses)).toList();
    return IntStream.range(0, responses.size())
        .mapToObj(i -> each.stream().allMatch(fits -> fits.get(i)))
        .toList();
  }

  /** Where the models in this process are, each device once; empty if both are behind servers. */
  String device() {
    return sessions.stream()
        .map(ResponseScores::device)
        .filter(device -> !device.isEmpty())
        .distinct()
        .collect(joining(" "));
  }

  /** Tokens run through both models so far, the prompt's included. */
  public long tokensRun() {
    return sessions.stream().mapToLong(ResponseScores::tokensRun).sum();
  }

  @Override
  public void close() {
    ResponseScores first = sessions.get(0);
    ResponseScores second = sessions.size() == 1 ? null : sessions.get(1);
    try (first;
        second) {
      // closes both, whatever the first one throws
    }
  }
}
