// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.model.StopStrings;
import dev.w2s.sampling.CompletionsModel.Batch;
import dev.w2s.sampling.CompletionsModel.Piece;
import dev.w2s.sampling.ParallelCalls.Outcome;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SamplingCost;
import dev.w2s.search.SearchSettings;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Completions.Request;
import dev.w2s.server.Completions.Usage;
import dev.w2s.server.DrawOptions;
import dev.w2s.server.Input;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws from the completions endpoint of a server: one request a round, as far as the server takes
 * so many prompts and choices at once. A chunk is measured in the large model's own tokens, and a
 * hypothesis is continued where its text ends.
 */
final class CompletionsSampler implements MeteredSampler {
  private final CompletionsModel model;
  private final String prompt;
  private final DrawOptions options;
  private final StopStrings stop;
  private final @Nullable Long seed;
  private final CallMeter meter = new CallMeter();
  private long round;

  /**
   * @param prompt as the large model reads it
   * @param seed of the search; null for another one each time
   */
  CompletionsSampler(
      CompletionsModel model, String prompt, DrawOptions options, @Nullable Long seed) {
    this.model = model;
    this.prompt = prompt;
    this.options = options;
    this.seed = seed;
    stop = new StopStrings(options.stop());
  }

  /**
   * Requests that fail for good are left out, with a warning, and so are continuations that a
   * filter took offence at.
   *
   * @throws dev.w2s.server.ServerException the first failure, as it is, if every request fails
   * @throws DelegateException if nothing is left
   */
  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    round++;
    List<List<Candidate>> candidates = new ArrayList<>();
    requests.forEach(request -> candidates.add(new ArrayList<>()));
    List<Outcome<List<Piece>>> outcomes = model.ask(requests, this::request, meter);
    Outcome.requireSome(outcomes, OpenAiCompatible.class);
    for (List<Piece> pieces : Outcome.values(outcomes)) {
      pieces.forEach(piece -> take(piece, requests, candidates));
    }
    if (candidates.stream().allMatch(List::isEmpty)) {
      throw new DelegateException(model + " gave nothing that its filter lets pass");
    }
    return candidates;
  }

  private Request request(Batch batch) {
    List<Input> prompts = batch.requests().stream().map(this::input).toList();
    int most = batch.requests().get(0).maxTokens();
    return new Request(
        prompts,
        batch.draws(),
        most == SearchSettings.UNLIMITED ? null : most,
        options,
        seed == null ? null : Long.valueOf(seedOf(seed, round, batch.number())),
        model.tellsTokens());
  }

  /** As it was drawn here; of a response that comes from elsewhere only the text is known. */
  private Input input(DrawRequest request) {
    Candidate response = request.response();
    return response.handle() instanceof Input own ? own : Input.of(prompt + response.wholeText());
  }

  /** Another one for each request, never negative: servers differ in what they take. */
  private static long seedOf(long seed, long round, long batch) {
    long mixed = seed * 0x9E3779B97F4A7C15L + round * 0xBF58476D1CE4E5B9L + batch;
    mixed = (mixed ^ (mixed >>> 31)) * 0x94D049BB133111EBL;
    return (mixed ^ (mixed >>> 29)) >>> 33;
  }

  private void take(Piece piece, List<DrawRequest> requests, List<List<Candidate>> candidates) {
    List<DrawRequest> asked = piece.batch().requests();
    for (int i = 0; i < asked.size(); i++) {
      DrawRequest request = asked.get(i);
      List<Candidate> drawn = candidates.get(requests.indexOf(request));
      for (Choice choice : piece.answer().choices().get(i)) {
        if (choice.finish() != Finish.FILTERED) {
          Candidate candidate = candidate(request, choice);
          meter.tokens(candidate.tokens() - request.response().tokens());
          drawn.add(candidate);
        }
      }
    }
    Usage usage = piece.answer().usage();
    meter.answer(usage == null ? null : new TokenUsage(usage.prompt(), usage.completion()));
  }

  private Candidate candidate(DrawRequest request, Choice choice) {
    Candidate before = request.response();
    String text = before.wholeText() + choice.text();
    int tokens = before.tokens() + tokens(request, choice);
    double nats = before.logProbability() + choice.logProbability();
    int stopAt = stop.firstIn(text, before.text().length());
    if (stopAt >= 0) {
      return new Candidate(
          text.substring(0, stopAt), "", tokens, Candidate.Status.ENDED, nats, null);
    }
    if (choice.finish() == Finish.STOP) {
      return new Candidate(text, "", tokens, Candidate.Status.ENDED, nats, null);
    }
    int safe = text.length() - stop.heldBack(text);
    return new Candidate(
        text.substring(0, safe),
        text.substring(safe),
        tokens,
        Candidate.Status.OPEN,
        nats,
        choice.all());
  }

  /** As the server says; else as many as were asked for, or an estimate of those of an end. */
  private static int tokens(DrawRequest request, Choice choice) {
    if (choice.tokens() > 0) {
      return choice.tokens();
    }
    boolean full =
        choice.finish() == Finish.LENGTH && request.maxTokens() != SearchSettings.UNLIMITED;
    int estimate = 1 + choice.text().length() / 4;
    return full ? request.maxTokens() : Math.min(request.maxTokens(), estimate);
  }

  @Override
  public SamplingCost cost() {
    return meter.cost();
  }

  @Override
  public @Nullable TokenUsage tokenUsage() {
    return meter.usage();
  }

  /** Nothing to free: connections are the large model's. */
  @Override
  public void close() {}
}
