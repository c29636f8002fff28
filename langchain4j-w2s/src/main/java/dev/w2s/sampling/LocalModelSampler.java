// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.model.CausalModel;
import dev.w2s.model.GenerationSession;
import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws from a model in this process: one batched decode a round, with the cache of the prompt and
 * the hypotheses kept, and the hypotheses' own tokens continued.
 */
public final class LocalModelSampler implements MeteredSampler {
  private final CausalModel model;
  private final GenerationSession session;

  /** Tokens of the open candidates of the last round; the search knows them by their text. */
  private Map<String, List<Integer>> tokensByText = new HashMap<>();

  private long calls;
  private int drawnTokens;

  /**
   * Opens a sampler for one search.
   *
   * @param model stays the caller's
   * @param prompt as the model reads it
   * @param seed same seed and same requests, same candidates
   * @throws IllegalArgumentException if the prompt has no tokens
   * @throws dev.w2s.model.PositionLimitException if it is longer than the model's positions
   */
  public LocalModelSampler(
      CausalModel model, Rendered prompt, SamplingParameters parameters, long seed) {
    this.model = model;
    session = model.openGeneration(prompt, parameters, seed);
    tokensByText.put("", List.of());
  }

  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    calls++;
    List<List<Continuation>> drawn =
        session.extend(requests.stream().map(this::extension).toList());
    Map<String, List<Integer>> open = new HashMap<>();
    List<List<Candidate>> candidates = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      Candidate hypothesis = requests.get(i).hypothesis();
      List<Candidate> row = new ArrayList<>();
      for (Continuation continuation : drawn.get(i)) {
        drawnTokens += continuation.drawn();
        // The search merges equal texts and keeps the first, so its tokens are those to go on with.
        open.putIfAbsent(continuation.text(), continuation.response());
        row.add(candidate(hypothesis, continuation));
      }
      candidates.add(row);
    }
    tokensByText = open;
    return candidates;
  }

  private Extension extension(DrawRequest request) {
    String text = request.hypothesis().text();
    List<Integer> tokens = tokensByText.get(text);
    return new Extension(
        tokens != null ? tokens : model.tokenizer().encode(text, false),
        request.draws(),
        request.maxTokens());
  }

  private static Candidate candidate(Candidate hypothesis, Continuation continuation) {
    Candidate.Status status =
        switch (continuation.ending()) {
          case LIMIT -> Candidate.Status.OPEN;
          case END_OF_SEQUENCE, STOP_STRING -> Candidate.Status.ENDED;
          case POSITIONS -> Candidate.Status.POSITIONS;
        };
    return new Candidate(continuation.text(), hypothesis.tokens() + continuation.drawn(), status);
  }

  /** Batched decodes so far. */
  @Override
  public long calls() {
    return calls;
  }

  @Override
  public TokenUsage tokenUsage() {
    return new TokenUsage(session.promptTokens(), drawnTokens);
  }

  @Override
  public void close() {
    session.close();
  }
}
