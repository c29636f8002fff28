// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.model.PositionLimitException;
import dev.w2s.model.ResponseTokens;
import dev.w2s.model.ResponseTokens.Sequence;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.server.ServerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Scores responses to one prompt under a model behind a server. */
final class RemoteScores implements ResponseScores {
  private final RemoteModel model;
  private final ResponseTokens tokens;
  private final List<Integer> ends;
  private final AtomicLong tokensRun = new AtomicLong();

  /**
   * @param ends ids of the tokens that end a response
   */
  RemoteScores(RemoteModel model, ResponseTokens tokens, List<Integer> ends) {
    this.model = model;
    this.tokens = tokens;
    this.ends = ends;
  }

  @Override
  public List<List<Score>> scoreEach(List<Response> responses) {
    return prepare(responses).get();
  }

  /** Tokenizing is for one thread at a time; the rest asks the server. */
  @Override
  public Supplier<List<List<Score>>> prepare(List<Response> responses) {
    List<Sequence> sequences = tokens.of(responses);
    return () -> score(sequences);
  }

  private List<List<Score>> score(List<Sequence> sequences) {
    List<List<Integer>> texts = new ArrayList<>();
    sequences.forEach(sequence -> texts.addAll(texts(sequence)));
    List<double[]> nats = ask(texts);
    List<Score> scores = new ArrayList<>();
    int next = 0;
    for (Sequence sequence : sequences) {
      int number = texts(sequence).size();
      scores.add(score(sequence, nats.subList(next, next + number)));
      next += number;
    }
    return List.of(scores);
  }

  @Override
  public boolean waits() {
    return true;
  }

  /** What is sent of a response: nothing where nothing counts, and once with each of the ends. */
  private List<List<Integer>> texts(Sequence sequence) {
    List<Integer> ids = sequence.tokens().toList();
    if (!sequence.ended()) {
      return sequence.from() < ids.size() ? List.of(ids) : List.of();
    }
    return ends.stream().map(end -> plus(ids, end)).toList();
  }

  private static List<Integer> plus(List<Integer> ids, int end) {
    List<Integer> all = new ArrayList<>(ids);
    all.add(end);
    return List.copyOf(all);
  }

  private List<double[]> ask(List<List<Integer>> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    tokensRun.addAndGet(texts.stream().distinct().mapToLong(List::size).sum());
    try {
      return model.logProbabilities(texts);
    } catch (ServerException e) {
      if (isTooLong(e)) {
        int longest = texts.stream().mapToInt(List::size).max().orElse(0);
        throw new PositionLimitException(
            "prompt and response have %d tokens: %s".formatted(longest, e.getMessage()), e);
      }
      throw e;
    }
  }

  /** Servers say it each in its own words. */
  private static boolean isTooLong(ServerException e) {
    String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e.status() == 400
        && (said.contains("context length")
            || said.contains("context size")
            || said.contains("too long")
            || said.contains("max_model_len"));
  }

  private static Score score(Sequence sequence, List<double[]> nats) {
    if (nats.isEmpty()) {
      return new Score(0, 0);
    }
    int length = sequence.tokens().size();
    int counted = Math.max(0, length - sequence.from());
    double sum = 0;
    for (int i = sequence.from(); i < length; i++) {
      sum += nats.get(0)[i];
    }
    return sequence.ended()
        ? new Score(sum + end(nats, length), counted + 1)
        : new Score(sum, counted);
  }

  /** Nats that any of the ends comes next. */
  private static double end(List<double[]> nats, int place) {
    double[] ends = nats.stream().mapToDouble(each -> each[place]).toArray();
    double most = Arrays.stream(ends).max().orElseThrow();
    return most + Math.log(Arrays.stream(ends).map(end -> Math.exp(end - most)).sum());
  }

  /** The server alone knows its limit, so each is tried. */
  @Override
  public List<Boolean> fit(List<Response> responses) {
    return responses.stream().map(this::fits).toList();
  }

  private boolean fits(Response response) {
    try {
      scoreEach(List.of(response));
      return true;
    } catch (PositionLimitException e) {
      return false;
    }
  }

  @Override
  public long tokensRun() {
    return tokensRun.get();
  }

  /** Nothing to free: connections are the model's. */
  @Override
  public void close() {}
}
