// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.model.StopStrings;
import dev.w2s.sampling.calls.CallingSampler;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.ParallelCalls.Outcome;
import dev.w2s.sampling.calls.RequestSeeds;
import dev.w2s.sampling.calls.ServedCandidates;
import dev.w2s.sampling.calls.ServedModel;
import dev.w2s.sampling.calls.ServedModel.Batch;
import dev.w2s.sampling.calls.ServedModel.Piece;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SearchSettings;
import dev.w2s.server.Completions;
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
final class CompletionsSampler extends CallingSampler {
  private final ServedModel model;
  private final Completions completions;
  private final Input prompt;
  private final DrawOptions options;
  private final ServedCandidates candidates;
  private final RequestSeeds seeds;
  private long round;

  /**
   * @param prompt as the large model reads it
   * @param seed of the search; null for another one each time
   */
  CompletionsSampler(
      ServedModel model,
      Completions completions,
      Input prompt,
      DrawOptions options,
      @Nullable Long seed) {
    this.model = model;
    this.completions = completions;
    this.prompt = prompt;
    this.options = options;
    seeds = new RequestSeeds(seed);
    candidates = new ServedCandidates(new StopStrings(options.stop()));
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
    List<DrawRequest> asked = requests.stream().map(this::withTokensAgain).toList();
    List<List<Candidate>> drawn = new ArrayList<>();
    asked.forEach(request -> drawn.add(new ArrayList<>()));
    List<Outcome<List<Piece>>> outcomes =
        model.ask(asked, batch -> completions.complete(request(batch)), meter);
    Outcome.requireSome(outcomes, "requests to " + model);
    for (List<Piece> pieces : Outcome.values(outcomes)) {
      pieces.forEach(piece -> take(piece, asked, drawn));
    }
    if (drawn.stream().allMatch(List::isEmpty)) {
      throw new DelegateException(model + " gave nothing that its filter lets pass");
    }
    return drawn;
  }

  private DrawRequest withTokensAgain(DrawRequest request) {
    int again = drawn(request).again();
    return again == 0 || request.maxTokens() == SearchSettings.UNLIMITED
        ? request
        : new DrawRequest(request.from(), request.draws(), request.maxTokens() + again);
  }

  private Request request(Batch batch) {
    List<Input> prompts = batch.requests().stream().map(r -> drawn(r).input()).toList();
    int most = batch.requests().get(0).maxTokens();
    return new Request(
        prompts,
        batch.draws(),
        most == SearchSettings.UNLIMITED ? null : most,
        options,
        seeds.of(round, batch.number()),
        model.tellsTokens());
  }

  /**
   * What a candidate is continued from.
   *
   * @param again tokens of it that are drawn once more
   */
  private record Drawn(Input input, int again) {}

  /** As it was drawn here; of a response that comes from elsewhere only the text is known. */
  private Drawn drawn(DrawRequest request) {
    Candidate response = request.response();
    return response.handle() instanceof Drawn own
        ? own
        : new Drawn(prompt.thenText(response.wholeText()), 0);
  }

  private void take(Piece piece, List<DrawRequest> requests, List<List<Candidate>> all) {
    List<DrawRequest> asked = piece.batch().requests();
    for (int i = 0; i < asked.size(); i++) {
      DrawRequest request = asked.get(i);
      List<Candidate> drawn = all.get(requests.indexOf(request));
      for (Choice choice : piece.answer().choices().get(i)) {
        if (choice.finish() != Finish.FILTERED) {
          drawn.add(candidate(request, choice));
          meter.tokens(ServedCandidates.tokens(request, choice));
        }
      }
    }
    Usage usage = piece.answer().usage();
    meter.answer(usage == null ? null : new TokenUsage(usage.prompt(), usage.completion()));
  }

  /**
   * Where a chunk ends within a character, its bytes are lost to the text: the character is drawn
   * again, with as many tokens more.
   */
  private Candidate candidate(DrawRequest request, Choice choice) {
    Drawn from = drawn(request);
    int tokens = Math.max(1, ServedCandidates.tokens(request, choice) - from.again());
    int whole = ServedCandidates.wholeCharacters(choice.text());
    String before = request.response().wholeText();
    if (choice.finish() != Finish.LENGTH || whole == choice.text().length()) {
      String text = before + choice.text();
      Drawn drawn = new Drawn(choice.all(), 0);
      return candidates.of(request, choice, text, text.length(), tokens, drawn);
    }
    String sure = choice.text().substring(0, whole);
    Drawn drawn = new Drawn(from.input().thenText(sure), whole == 0 ? from.again() + tokens : 0);
    String text = before + sure;
    return candidates.of(request, choice, text, text.length(), tokens, drawn);
  }
}
