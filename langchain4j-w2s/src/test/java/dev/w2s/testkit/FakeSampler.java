// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import static dev.w2s.search.Candidate.Status.CUT;
import static dev.w2s.search.Candidate.Status.ENDED;
import static dev.w2s.search.Candidate.Status.OPEN;
import static dev.w2s.search.Candidate.Status.OUT_OF_POSITIONS;

import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateSampler;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SamplingCost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A sampler whose draws depend only on the hypothesis's text. One character is one token; the last
 * character of a continuation may be a mark that is not part of the text: {@code .} ended, {@code
 * !} positions ran out, {@code |} cut by the large model's own limit.
 */
public final class FakeSampler implements CandidateSampler {

  private final Map<String, List<String>> continuations = new HashMap<>();
  private final Map<String, Runnable> actions = new HashMap<>();
  private long callsPerRequest = 1;
  private long calls;
  private long tokens;

  public final List<List<DrawRequest>> rounds = new ArrayList<>();
  public boolean closed;

  /** Continues the hypothesis by the given texts, cut to as many characters as are asked for. */
  public FakeSampler on(String hypothesis, String... answers) {
    continuations.put(hypothesis, List.of(answers));
    return this;
  }

  /** Runs the action when this hypothesis is to be continued. */
  public FakeSampler when(String hypothesis, Runnable action) {
    actions.put(hypothesis, action);
    return this;
  }

  public FakeSampler callsPerRequest(long number) {
    callsPerRequest = number;
    return this;
  }

  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    rounds.add(requests);
    calls += callsPerRequest * requests.size();
    return requests.stream().map(this::answer).toList();
  }

  private List<Candidate> answer(DrawRequest request) {
    String text = request.response().text();
    actions.getOrDefault(text, () -> {}).run();
    List<String> answers = continuations.get(text);
    if (answers == null || answers.size() > request.draws()) {
      throw new AssertionError(request + " does not fit the fake's answers " + answers);
    }
    List<Candidate> drawn =
        answers.stream().map(answer -> extend(text, answer, request.maxTokens())).toList();
    drawn.forEach(candidate -> tokens += candidate.tokens() - request.response().tokens());
    return drawn;
  }

  private static Candidate extend(String text, String continuation, int maxTokens) {
    Candidate.Status status =
        Stream.of(ENDED, OUT_OF_POSITIONS, CUT)
            .filter(closed -> continuation.endsWith(mark(closed)))
            .findFirst()
            .orElse(OPEN);
    String words = continuation.substring(0, continuation.length() - mark(status).length());
    String whole = words.length() > maxTokens ? text + words.substring(0, maxTokens) : text + words;
    return new Candidate(whole, whole.length(), words.length() > maxTokens ? OPEN : status);
  }

  private static String mark(Candidate.Status status) {
    return switch (status) {
      case OPEN -> "";
      case ENDED -> ".";
      case CUT -> "|";
      case OUT_OF_POSITIONS -> "!";
    };
  }

  /** The texts to be continued, one list for each round. */
  public List<List<String>> hypotheses() {
    return rounds.stream()
        .map(round -> round.stream().map(request -> request.response().text()).toList())
        .toList();
  }

  @Override
  public SamplingCost cost() {
    return new SamplingCost(calls, tokens);
  }

  @Override
  public void close() {
    closed = true;
  }
}
