// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Two models that read the responses that a third one draws, with their caches kept, and what they
 * add to its logits. Called from the drawing session's caller, never from a device's thread.
 */
final class SteeringSession implements AutoCloseable {
  /**
   * Of a token that not all of the models have. Finite, since what is not finite is a broken model.
   */
  private static final float NEVER = -1e30f;

  private final Side tuned;
  private final Side untuned;
  private final double beta;

  /** Takes over both sides. */
  SteeringSession(Side tuned, Side untuned, double beta) {
    this.tuned = tuned;
    this.untuned = untuned;
    this.beta = beta;
  }

  /** One of the models, with its reading of the prompt. */
  static final class Side implements AutoCloseable {
    private final LoadedModel model;
    private final TokenIds prompt;
    private final DecoderSession session;

    Side(LoadedModel model, Rendered prompt) {
      this.model = model;
      this.prompt = model.encodePrompt(prompt);
      session = model.newSession();
    }

    boolean isFull(int response) {
      return prompt.size() + response >= model.config().positions();
    }

    private Node last(TokenIds response) {
      TokenIds tokens = prompt.plus(response);
      model.checkLength("prompt and response", tokens.size());
      List<Node> path = session.tree().path(tokens, model.variant(tokens.size()));
      return path.get(path.size() - 1);
    }

    private void retain(List<TokenIds> responses) {
      session.tree().retain(responses.stream().map(this::last).toList());
    }

    /** Logits of every token after each response, row by row. */
    private float[] logits(List<TokenIds> responses) {
      List<Node> ends = responses.stream().map(this::last).toList();
      return model.call(
          () -> {
            session.run(new LinkedHashSet<>(ends));
            return session.logits(ends);
          });
    }

    @Override
    public void close() {
      model.release(session);
    }
  }

  /** Whether a model has no position for one token more behind so many of a response. */
  boolean isFull(int response) {
    return tuned.isFull(response) || untuned.isFull(response);
  }

  /** Forgets all but some responses, given by their last nodes in the drawing session. */
  void retain(Collection<Node> ends, int promptLength) {
    List<TokenIds> responses = responses(ends, promptLength);
    tuned.retain(responses);
    untuned.retain(responses);
  }

  /**
   * What is added to the logits after each of some responses, row by row.
   *
   * @param ends the responses' last nodes in the drawing session, distinct
   * @param promptLength tokens of the prompt there
   * @param vocabulary tokens of the drawing model
   */
  float[] added(Collection<Node> ends, int promptLength, int vocabulary) {
    List<TokenIds> responses = responses(ends, promptLength);
    float[] more = tuned.logits(responses);
    float[] less = untuned.logits(responses);
    int rows = responses.size();
    float[] added = new float[rows * vocabulary];
    for (int row = 0; row < rows; row++) {
      int own = row * vocabulary;
      int first = row * (more.length / rows);
      int second = row * (less.length / rows);
      int common = Math.min(vocabulary, Math.min(more.length, less.length) / rows);
      for (int token = 0; token < vocabulary; token++) {
        added[own + token] =
            token < common ? (float) (beta * (more[first + token] - less[second + token])) : NEVER;
      }
    }
    return added;
  }

  private static List<TokenIds> responses(Collection<Node> ends, int promptLength) {
    return ends.stream().map(end -> end.tokensFrom(promptLength)).toList();
  }

  /** Tokens run through both models so far. */
  long tokensRun() {
    return tuned.session.tokensRun() + untuned.session.tokensRun();
  }

  @Override
  public void close() {
    try (tuned) {
      untuned.close();
    }
  }
}
