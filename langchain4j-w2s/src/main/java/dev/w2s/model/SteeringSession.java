// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two models that read the responses that a third one draws, with their caches kept, and what they
 * add to its logits. Models of the same weights run in one batch. Called from the drawing session's
 * caller, never from a device's thread.
 */
final class SteeringSession implements AutoCloseable {
  private final Side tuned;
  private final Side untuned;
  private final double beta;

  private SteeringSession(Side tuned, Side untuned, double beta) {
    this.tuned = tuned;
    this.untuned = untuned;
    this.beta = beta;
  }

  /**
   * Opens a session of each model, or one of both where they share their weights.
   *
   * @throws IllegalArgumentException if a prompt has no tokens
   * @throws PositionLimitException if a prompt is longer than its model's positions
   */
  static SteeringSession open(
      LoadedModel tuned,
      Rendered tunedPrompt,
      LoadedModel untuned,
      Rendered untunedPrompt,
      double beta) {
    Side first = new Side(tuned, tuned.encodePrompt(tunedPrompt), tuned.newSession());
    DecoderSession other = tuned.sharesProgram(untuned) ? first.session() : untuned.newSession();
    Side second = new Side(untuned, untuned.encodePrompt(untunedPrompt), other);
    return new SteeringSession(first, second, beta);
  }

  /**
   * One of the models.
   *
   * @param prompt as it reads it
   * @param session may be that of the other one too
   */
  private record Side(LoadedModel model, TokenIds prompt, DecoderSession session) {

    boolean isFull(int response) {
      return prompt.size() + response >= model.config().positions();
    }

    void check(TokenIds response) {
      response.stream().forEach(model::checkToken);
      model.checkLength("prompt and response", prompt.size() + response.size());
    }

    List<Node> ends(List<TokenIds> responses) {
      return responses.stream().map(this::end).toList();
    }

    private Node end(TokenIds response) {
      TokenIds tokens = prompt.plus(response);
      List<Node> path = session.tree().path(tokens, model.variant(tokens.size()));
      return path.get(path.size() - 1);
    }

    /** Logits of every token after nodes, row by row; what else has not been run is run as well. */
    float[] logits(List<Node> ends, Collection<Node> batch) {
      return model.call(
          () -> {
            session.run(batch);
            return session.logits(ends);
          });
    }
  }

  private boolean shared() {
    return tuned.session() == untuned.session();
  }

  /** Whether a model has no position for one token more behind so many of a response. */
  boolean isFull(int response) {
    return tuned.isFull(response) || untuned.isFull(response);
  }

  /**
   * Forgets all but some responses, given by their last nodes in the drawing session.
   *
   * @throws IllegalArgumentException if one holds a token that a model does not have
   * @throws PositionLimitException if one is longer than a model's positions
   */
  void retain(Collection<Node> ends, int promptLength) {
    List<TokenIds> responses = responses(ends, promptLength);
    responses.forEach(tuned::check);
    responses.forEach(untuned::check);
    List<Node> first = tuned.ends(responses);
    List<Node> second = untuned.ends(responses);
    tuned.session().tree().retain(batch(first, second));
    untuned.session().tree().retain(batch(second, first));
  }

  /**
   * What is added to the logits after each of some responses, row by row: of the tokens that all
   * three models have.
   *
   * @param ends the responses' last nodes in the drawing session, distinct
   * @param promptLength tokens of the prompt there
   * @param vocabulary tokens of the drawing model
   * @throws IllegalArgumentException if beta makes more of a difference than a float can hold
   */
  float[] added(Collection<Node> ends, int promptLength, int vocabulary) {
    List<TokenIds> responses = responses(ends, promptLength);
    List<Node> first = tuned.ends(responses);
    List<Node> second = untuned.ends(responses);
    float[] more = tuned.logits(first, batch(first, second));
    float[] less = untuned.logits(second, batch(second, first));
    int rows = responses.size();
    int common = Math.min(vocabulary, Math.min(more.length, less.length) / rows);
    float[] added = new float[rows * common];
    for (int row = 0; row < rows; row++) {
      int one = row * (more.length / rows);
      int other = row * (less.length / rows);
      for (int token = 0; token < common; token++) {
        added[row * common + token] = scaled((double) more[one + token] - less[other + token]);
      }
    }
    return added;
  }

  private float scaled(double difference) {
    float scaled = (float) (beta * difference);
    if (!Float.isFinite(scaled)) {
      throw new IllegalArgumentException(
          "beta is %s; times a difference of %s between the logits of %s and %s it is beyond float32"
              .formatted(beta, difference, tuned.model().reference(), untuned.model().reference()));
    }
    return scaled;
  }

  /** What is run with some nodes of one model: those of the other as well, if they share. */
  private Collection<Node> batch(List<Node> own, List<Node> others) {
    return new LinkedHashSet<>(
        shared() ? Stream.concat(own.stream(), others.stream()).toList() : own);
  }

  private static List<TokenIds> responses(Collection<Node> ends, int promptLength) {
    return ends.stream().map(end -> end.tokensFrom(promptLength)).toList();
  }

  /** Tokens run through both models so far. */
  long tokensRun() {
    long first = tuned.session().tokensRun();
    return shared() ? first : first + untuned.session().tokensRun();
  }

  @Override
  public void close() {
    try {
      tuned.model().release(tuned.session());
    } finally {
      untuned.model().release(untuned.session());
    }
  }
}
