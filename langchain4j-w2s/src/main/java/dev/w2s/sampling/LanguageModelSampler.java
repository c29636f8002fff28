// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.w2s.model.StopStrings;
import dev.w2s.sampling.ChunkCutter.Chunk;
import dev.w2s.sampling.calls.CallingSampler;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.sampling.calls.ParallelCalls.Outcome;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Draws from any {@link LanguageModel}: prompt and response so far go in, and the answer is cut
 * after the chunk's tokens. A {@code LanguageModel} takes no parameters with a call, so it
 * generates to its own limit each time; one that is told to stop early (a low limit of tokens)
 * wastes less.
 *
 * <p>A response ends when the model's whole answer fits the chunk, unless it says that a limit cut
 * it, or at a stop string.
 */
final class LanguageModelSampler extends CallingSampler {
  private final LanguageModel delegate;
  private final String prompt;
  private final ChunkCutter cutter;
  private final StopStrings stop;
  private final ParallelCalls parallel;

  /**
   * @param delegate the large model
   * @param prompt as the large model reads it
   * @param cutter measures chunks
   * @param stop texts that end a response and are not part of it
   * @param parallel makes the calls
   */
  LanguageModelSampler(
      LanguageModel delegate,
      String prompt,
      ChunkCutter cutter,
      StopStrings stop,
      ParallelCalls parallel) {
    this.delegate = delegate;
    this.prompt = prompt;
    this.cutter = cutter;
    this.stop = stop;
    this.parallel = parallel;
  }

  /**
   * One call of the large model for each draw. Draws that fail are left out, with a warning.
   *
   * @throws DelegateException if every answer is null, or empty where there is no text yet
   * @throws RuntimeException what the model throws first, as it is, if every call fails
   */
  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    List<DrawRequest> draws =
        requests.stream()
            .flatMap(request -> Collections.nCopies(request.draws(), request).stream())
            .toList();
    List<Outcome<Candidate>> outcomes = parallel.map(draws, this::draw);
    Outcome.requireSome(outcomes, "draws of " + delegate.getClass().getName());
    requireText(outcomes);
    List<List<Candidate>> candidates = new ArrayList<>();
    int next = 0;
    for (DrawRequest request : requests) {
      candidates.add(Outcome.values(outcomes.subList(next, next + request.draws())));
      next += request.draws();
    }
    return candidates;
  }

  private Candidate draw(DrawRequest request) {
    Response<String> answer = call(prompt + request.response().wholeText());
    Candidate candidate = candidate(request, answer);
    meter.tokens(candidate.tokens() - request.response().tokens());
    return candidate;
  }

  private Response<String> call(String text) {
    meter.call();
    Response<String> answer = delegate.generate(text);
    if (answer == null || answer.content() == null) {
      throw new DelegateException(delegate.getClass().getName() + " returned null instead of text");
    }
    meter.answer(answer.tokenUsage());
    return answer;
  }

  private Candidate candidate(DrawRequest request, Response<String> answer) {
    Candidate hypothesis = request.response();
    String before = hypothesis.wholeText();
    String continuation = answer.content();
    boolean cutByModel = answer.finishReason() == FinishReason.LENGTH;
    if (continuation.isEmpty()) {
      if (cutByModel) {
        throw new DelegateException(
            delegate.getClass().getName()
                + " returned empty text and says that a token limit cut it");
      }
      return new Candidate(before, hypothesis.tokens(), Candidate.Status.ENDED);
    }
    Chunk chunk = cutter.cut(continuation, request.maxTokens());
    String text = before + chunk.text();
    int tokens = hypothesis.tokens() + chunk.tokens();
    int stopAt = stop.firstIn(text, hypothesis.text().length());
    if (stopAt >= 0) {
      return new Candidate(text.substring(0, stopAt), tokens, Candidate.Status.ENDED);
    }
    boolean whole = chunk.text().length() == continuation.length();
    if (whole && !cutByModel) {
      return new Candidate(text, tokens, Candidate.Status.ENDED);
    }
    int safe = text.length() - stop.heldBack(text);
    return new Candidate(
        text.substring(0, safe), text.substring(safe), tokens, Candidate.Status.OPEN, null);
  }

  /**
   * Nothing more to say is an end, and so is a stop string alone; if nobody has anything to say at
   * all, that is a fault.
   */
  private void requireText(List<Outcome<Candidate>> outcomes) {
    if (Outcome.values(outcomes).stream().allMatch(c -> c.tokens() == 0)) {
      throw new DelegateException(delegate.getClass().getName() + " returned empty text");
    }
  }
}
