// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.ChunkCutter.Chunk;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws from any {@link LanguageModel}: prompt and response so far go in, and the answer is cut
 * after the chunk's tokens. A {@code LanguageModel} takes no parameters with a call, so it
 * generates to its own limit each time; one that is told to stop early (a low limit of tokens)
 * wastes less.
 *
 * <p>A response ends when the model's whole answer fits the chunk, unless it says that a limit cut
 * it, or at a stop string.
 */
public final class LanguageModelSampler implements MeteredSampler {
  private final LanguageModel delegate;
  private final String prompt;
  private final ChunkCutter cutter;
  private final List<String> stop;
  private final ParallelCalls parallel;
  private long calls;
  private @Nullable TokenUsage usage;

  /**
   * Opens a sampler for one search.
   *
   * @param delegate the large model
   * @param prompt as the large model sees it
   * @param cutter measures chunks
   * @param stop texts that end a response and are not part of it
   * @param concurrency calls at a time, at least 1; above 1 the model must be safe for that
   */
  public LanguageModelSampler(
      LanguageModel delegate,
      String prompt,
      ChunkCutter cutter,
      List<String> stop,
      int concurrency) {
    this.delegate = delegate;
    this.prompt = prompt;
    this.cutter = cutter;
    this.stop = List.copyOf(stop);
    parallel = new ParallelCalls(concurrency);
  }

  /**
   * One call of the large model for each draw.
   *
   * @throws DelegateException if the model returns null, or empty text where there is none yet
   * @throws RuntimeException what the model throws, as it is
   */
  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    List<DrawRequest> draws =
        requests.stream()
            .flatMap(request -> Collections.nCopies(request.draws(), request).stream())
            .toList();
    calls += draws.size();
    List<Response<String>> answers = parallel.map(draws, this::call);
    List<List<Candidate>> candidates = new ArrayList<>();
    int next = 0;
    for (DrawRequest request : requests) {
      List<Candidate> row = new ArrayList<>();
      for (int i = 0; i < request.draws(); i++) {
        Response<String> answer = answers.get(next++);
        usage = TokenUsage.sum(usage, answer.tokenUsage());
        row.add(candidate(request, answer));
      }
      candidates.add(row);
    }
    return candidates;
  }

  private Response<String> call(DrawRequest request) {
    Response<String> answer = delegate.generate(prompt + request.hypothesis().text());
    if (answer == null || answer.content() == null) {
      throw new DelegateException(delegate.getClass().getName() + " returned null instead of text");
    }
    return answer;
  }

  private Candidate candidate(DrawRequest request, Response<String> answer) {
    Candidate hypothesis = request.hypothesis();
    String continuation = answer.content();
    boolean cutByModel = answer.finishReason() == FinishReason.LENGTH;
    if (continuation.isEmpty()) {
      return endedByNothing(hypothesis, cutByModel);
    }
    Chunk chunk = cutter.cut(continuation, request.maxTokens());
    String text = hypothesis.text() + chunk.text();
    int tokens = hypothesis.tokens() + chunk.tokens();
    int stopAt = stopAt(text);
    if (stopAt >= 0) {
      return new Candidate(text.substring(0, stopAt), tokens, Candidate.Status.ENDED);
    }
    boolean whole = chunk.text().length() == continuation.length();
    return new Candidate(
        text, tokens, whole && !cutByModel ? Candidate.Status.ENDED : Candidate.Status.OPEN);
  }

  /** Nothing more to say is an end; nothing at all to say is a fault. */
  private Candidate endedByNothing(Candidate hypothesis, boolean cutByModel) {
    if (hypothesis.text().isEmpty() || cutByModel) {
      throw new DelegateException(
          "%s returned empty text%s"
              .formatted(
                  delegate.getClass().getName(),
                  cutByModel ? " and says that a token limit cut it" : ""));
    }
    return new Candidate(hypothesis.text(), hypothesis.tokens(), Candidate.Status.ENDED);
  }

  private int stopAt(String text) {
    return stop.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(-1);
  }

  /** Calls of the large model so far. */
  @Override
  public long calls() {
    return calls;
  }

  @Override
  public @Nullable TokenUsage tokenUsage() {
    return usage;
  }

  @Override
  public void close() {
    parallel.close();
  }
}
