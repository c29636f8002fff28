// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.model.CausalModel;
import dev.w2s.model.GenerationSession;
import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.Steering;
import dev.w2s.prompt.Rendered;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SamplingCost;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws from a model in this process: one batched decode a round, with the cache of the prompt and
 * the hypotheses kept, and the hypotheses' own tokens continued. A candidate's handle is its
 * continuation with the tokens, and what a stop string may still cut is held back.
 */
public final class LocalModelSampler implements MeteredSampler {
  private final GenerationSession session;
  private long calls;

  private LocalModelSampler(GenerationSession session) {
    this.session = session;
  }

  /**
   * Opens a sampler for one search.
   *
   * @param model stays the caller's
   * @param prompt as the model reads it
   * @param seed same seed and same requests, same candidates
   * @throws IllegalArgumentException if the prompt has no tokens
   * @throws dev.w2s.model.PositionLimitException if it is longer than the model's positions
   */
  public static LocalModelSampler open(
      CausalModel model, Rendered prompt, SamplingParameters parameters, long seed) {
    return new LocalModelSampler(model.openGeneration(prompt, parameters, seed));
  }

  /**
   * The same with a model that others steer at every token.
   *
   * @throws IllegalArgumentException if a prompt has no tokens
   * @throws dev.w2s.model.PositionLimitException if one is longer than its model's positions
   */
  static LocalModelSampler open(
      CausalModel model,
      Rendered prompt,
      SamplingParameters parameters,
      long seed,
      Steering steering) {
    return new LocalModelSampler(model.openGeneration(prompt, parameters, seed, steering));
  }

  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    calls++;
    List<List<Continuation>> drawn =
        session.extend(requests.stream().map(this::extension).toList());
    List<List<Candidate>> candidates = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      Candidate hypothesis = requests.get(i).response();
      candidates.add(drawn.get(i).stream().map(c -> candidate(hypothesis, c)).toList());
    }
    return candidates;
  }

  private Extension extension(DrawRequest request) {
    return new Extension(drawn(request.response()), request.draws(), request.maxTokens());
  }

  /** As it was drawn here; of a response that comes from elsewhere only the text is known. */
  private Continuation drawn(Candidate response) {
    return response.handle() instanceof Continuation own ? own : session.take(response.wholeText());
  }

  /** All that was drawn for a candidate; of one that comes from elsewhere its text. */
  static String wholeResponse(Candidate response) {
    return response.handle() instanceof Continuation own ? own.wholeText() : response.wholeText();
  }

  private static Candidate candidate(Candidate hypothesis, Continuation continuation) {
    Candidate.Status status =
        switch (continuation.ending()) {
          case LIMIT -> Candidate.Status.OPEN;
          case END_OF_SEQUENCE, STOP_STRING -> Candidate.Status.ENDED;
          case POSITIONS -> Candidate.Status.OUT_OF_POSITIONS;
        };
    return new Candidate(
        continuation.text(),
        continuation.heldBack(),
        hypothesis.tokens() + continuation.drawn(),
        status,
        continuation.logProbability(),
        continuation);
  }

  /** Batched decodes so far, and the tokens drawn in them. */
  @Override
  public SamplingCost cost() {
    return new SamplingCost(calls, session.tokensDrawn(), session.steeringTokens());
  }

  @Override
  public TokenUsage tokenUsage() {
    return new TokenUsage(session.promptTokens(), Math.toIntExact(session.tokensDrawn()));
  }

  @Override
  public void close() {
    session.close();
  }
}
