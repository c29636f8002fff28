// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.model.StopStrings;
import dev.w2s.sampling.calls.CallingSampler;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.ParallelCalls.Outcome;
import dev.w2s.sampling.calls.RequestSeeds;
import dev.w2s.sampling.calls.ServedCandidates;
import dev.w2s.sampling.calls.ServedModel.Batch;
import dev.w2s.sampling.calls.ServedModel.Piece;
import dev.w2s.sampling.continuation.ChatEndpoint.Ask;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SearchSettings;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Completions.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws from a chat model that is made to go on with its answer, in the way that has been found to
 * work; where none does, whole responses. One request for each hypothesis, as far as the model
 * takes so many choices at once.
 */
public final class ContinuedSampler extends CallingSampler {
  private static final Seam WHOLE = new Seam(Continuation.WHOLE, /* repeats= */ false);

  private final ContinuedChat chat;
  private final ChatEndpoint endpoint;
  private final ServedCandidates candidates;
  private final RequestSeeds seeds;
  private final int mostTokens;
  private long round;

  /**
   * @param mostTokens of a whole response
   */
  public ContinuedSampler(
      ContinuedChat chat,
      ChatEndpoint endpoint,
      StopStrings stop,
      RequestSeeds seeds,
      int mostTokens) {
    this.chat = chat;
    this.endpoint = endpoint;
    this.seeds = seeds;
    this.mostTokens = mostTokens;
    candidates = new ServedCandidates(stop);
  }

  /**
   * Requests that fail for good are left out, with a warning, and so are continuations that a
   * filter took offence at.
   *
   * @throws RuntimeException the first failure, as it is, if every request fails
   * @throws DelegateException if nothing is left
   */
  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    round++;
    Seam seam = seam(requests);
    List<DrawRequest> asked = requests.stream().map(this::withTokensAgain).toList();
    List<List<Candidate>> drawn = new ArrayList<>();
    asked.forEach(request -> drawn.add(new ArrayList<>()));
    List<Outcome<List<Piece>>> outcomes =
        chat.model().ask(asked, batch -> endpoint.answer(ask(batch, seam)), meter);
    Outcome.requireSome(outcomes, "requests to " + chat.model());
    for (List<Piece> pieces : Outcome.values(outcomes)) {
      pieces.forEach(piece -> take(piece, seam, asked, drawn));
    }
    if (drawn.stream().allMatch(List::isEmpty)) {
      throw new DelegateException(chat.model() + " gave nothing that its filter lets pass");
    }
    return drawn;
  }

  /** Whole responses need not go on, so nothing has to be found out. */
  private Seam seam(List<DrawRequest> requests) {
    DrawRequest first = requests.get(0);
    boolean begins = first.response().wholeText().isEmpty();
    return begins && first.maxTokens() >= mostTokens ? WHOLE : chat.seam(endpoint, this::counted);
  }

  private Answer counted(Ask ask) {
    meter.call();
    Answer answer = endpoint.answer(ask);
    count(answer);
    return answer;
  }

  private void count(Answer answer) {
    Usage usage = answer.usage();
    meter.answer(usage == null ? null : new TokenUsage(usage.prompt(), usage.completion()));
  }

  private Ask ask(Batch batch, Seam seam) {
    DrawRequest request = batch.requests().get(0);
    int most = seam.way() == Continuation.WHOLE ? mostTokens : request.maxTokens();
    return new Ask(
        drawn(request).text(),
        seam.way(),
        batch.draws(),
        most == SearchSettings.UNLIMITED ? null : most,
        seeds.of(round, batch.number()));
  }

  /**
   * What a candidate is continued from.
   *
   * @param text of the answer so far that is sure
   * @param again tokens behind it that are drawn once more
   */
  private record Drawn(String text, int again) {}

  private static Drawn drawn(DrawRequest request) {
    Candidate response = request.response();
    return response.handle() instanceof Drawn own ? own : new Drawn(response.wholeText(), 0);
  }

  private DrawRequest withTokensAgain(DrawRequest request) {
    int again = drawn(request).again();
    return again == 0 || request.maxTokens() == SearchSettings.UNLIMITED
        ? request
        : new DrawRequest(request.from(), request.draws(), request.maxTokens() + again);
  }

  private void take(Piece piece, Seam seam, List<DrawRequest> requests, List<List<Candidate>> all) {
    DrawRequest request = piece.batch().requests().get(0);
    List<Candidate> drawn = all.get(requests.indexOf(request));
    List<Choice> choices = piece.answer().choices().get(0);
    count(piece.answer());
    for (Choice choice : choices) {
      if (choice.finish() != Finish.FILTERED) {
        int tokens = tokens(request, choice, piece.answer(), seam);
        drawn.add(candidate(request, choice, tokens, seam));
        meter.tokens(tokens);
      }
    }
  }

  /** Of one choice as the model reports it; of several that went to the limit as was asked for. */
  private static int tokens(DrawRequest request, Choice choice, Answer answer, Seam seam) {
    Usage usage = answer.usage();
    if (choice.tokens() == 0 && usage != null && answer.choices().get(0).size() == 1) {
      return Math.max(1, usage.completion());
    }
    boolean whole = seam.way() == Continuation.WHOLE;
    DrawRequest asked =
        whole
            ? new DrawRequest(request.from(), request.draws(), SearchSettings.UNLIMITED)
            : request;
    return ServedCandidates.tokens(asked, choice);
  }

  private Candidate candidate(DrawRequest request, Choice choice, int drawn, Seam seam) {
    Drawn from = drawn(request);
    int tokens = Math.max(1, drawn - from.again());
    String joined = seam.join(from.text(), choice.text());
    String text = joined.substring(0, ServedCandidates.wholeCharacters(joined));
    if (choice.finish() == Finish.STOP) {
      return candidates.of(request, choice, text, text.length(), tokens, from);
    }
    if (seam.way() == Continuation.WHOLE) {
      return new Candidate(text, "", tokens, Status.CUT, choice.logProbability(), null);
    }
    String sent = text.substring(0, seam.settled(text));
    boolean further = sent.length() > from.text().length();
    Drawn next = further ? new Drawn(sent, 0) : new Drawn(from.text(), from.again() + tokens);
    return candidates.of(
        request, choice, text, Math.max(from.text().length(), sent.length()), tokens, next);
  }
}
