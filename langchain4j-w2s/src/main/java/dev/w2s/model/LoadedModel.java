// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.TokenTree.Variant;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.List;
import java.util.function.Supplier;

/**
 * A model on its device: a share of the program with its weights, and what is needed to speak to
 * it. Several models may share a program, each through an adapter or none; each is closed by
 * itself, and the weights go with the last.
 */
final class LoadedModel implements AutoCloseable {
  private final ModelSummary summary;
  private final DecoderConfig config;
  private final ModelTokenizer tokenizer;
  private final EosTokens eosTokens;
  private final ProgramShare program;
  private final InferenceThread thread;

  /** Touched on the inference thread alone, and true once: a share is not given back twice. */
  private boolean closed;

  /** Takes over the tokenizer and the program. */
  LoadedModel(
      ModelSummary summary,
      DecoderConfig config,
      ModelTokenizer tokenizer,
      EosTokens eosTokens,
      ProgramShare program,
      InferenceThread thread) {
    this.summary = summary;
    this.config = config;
    this.tokenizer = tokenizer;
    this.eosTokens = eosTokens;
    this.program = program;
    this.thread = thread;
  }

  String reference() {
    return summary.reference();
  }

  DecoderConfig config() {
    return config;
  }

  ModelTokenizer tokenizer() {
    return tokenizer;
  }

  ModelSummary summary() {
    return summary;
  }

  EosTokens eosTokens() {
    return eosTokens;
  }

  ProgramShare program() {
    return program;
  }

  InferenceThread thread() {
    return thread;
  }

  /** Whether both have the same weights in memory. */
  boolean sharesProgram(LoadedModel other) {
    return program.program() == other.program.program();
  }

  /** A session for sequences of this model; its methods are called within {@link #call}. */
  DecoderSession newSession() {
    return newSession(thread.device().cacheBlock());
  }

  /** The same, whose cache lies in blocks of at least so many bytes. */
  DecoderSession newSession(int cacheBlock) {
    return new DecoderSession(program.program(), config, reference(), cacheBlock);
  }

  /**
   * How a sequence of so many tokens is run. Where rotary frequencies depend on the length of the
   * text, a sequence that grows beyond a limit is another one: what was run of it before would not
   * be what a fresh run gives. (Hugging Face transformers knows that of Phi-3 alone, and keeps the
   * cache of others.)
   */
  Variant variant(int length) {
    return new Variant(config.frequencies(length), program.variant().adapter());
  }

  /**
   * Runs a task on the device's thread.
   *
   * @throws IllegalStateException if the model is closed: its weights are no longer there
   */
  <T> T call(Supplier<T> task) {
    return thread.call(
        () -> {
          requireOpen();
          return task.get();
        });
  }

  /**
   * Runs on the device's thread.
   *
   * @throws IllegalStateException if the model is closed: its weights are no longer there
   */
  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("model " + reference() + " is closed");
    }
  }

  /** Closes a session of this model, which may be closed before. */
  void release(DecoderSession session) {
    thread.run(session::close);
  }

  /** Token ids of a prompt. */
  TokenIds encodePrompt(Rendered prompt) {
    TokenIds tokens = tokenizer.encode(prompt.text(), prompt.specialTokens());
    checkPrompt(prompt, tokens);
    return tokens;
  }

  /**
   * Whether a prompt can be run.
   *
   * @throws IllegalArgumentException if it has no tokens
   * @throws PositionLimitException if its tokens do not fit the model's positions
   */
  void checkPrompt(Rendered prompt, TokenIds tokens) {
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException(
          "prompt '" + prompt.text() + "' has no tokens for model " + reference());
    }
    checkLength("prompt", tokens.size());
  }

  /**
   * @throws PositionLimitException if so many tokens do not fit the model's positions
   */
  void checkLength(String what, int tokens) {
    if (tokens > config.positions()) {
      throw new PositionLimitException(reference(), what, tokens, config.positions());
    }
  }

  /**
   * An id beyond the embedding is an error deep in libtorch, and on a GPU the end of the process.
   *
   * @throws IllegalArgumentException if the model has no such token
   */
  void checkToken(int token) {
    if (token < 0 || token >= summary.vocabulary()) {
      throw new IllegalArgumentException(
          "token %d is unknown; model %s has %d tokens"
              .formatted(token, reference(), summary.vocabulary()));
    }
  }

  /**
   * How likely the model finds each token of whole texts, in one batch.
   *
   * @throws IllegalArgumentException if a text has no token, or one that the model does not have
   * @throws PositionLimitException if one is longer than the model's positions
   */
  List<double[]> logProbabilities(List<TokenIds> texts) {
    texts.forEach(this::checkText);
    return call(
        () -> {
          try (DecoderSession session = newSession()) {
            return logProbabilities(session, texts);
          }
        });
  }

  private List<double[]> logProbabilities(DecoderSession session, List<TokenIds> texts) {
    List<List<Node>> paths =
        texts.stream().map(text -> session.tree().path(text, variant(text.size()))).toList();
    List<Node> scored = paths.stream().flatMap(path -> path.stream().skip(1)).toList();
    session.run(scored.stream().map(Node::parent).toList());
    session.scoreNodes(scored);
    // The first is not scored: nothing says what comes before it.
    return paths.stream()
        .map(path -> path.stream().mapToDouble(node -> node.logProbability).toArray())
        .toList();
  }

  private void checkText(TokenIds text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a text has no tokens; it must have at least one");
    }
    checkLength("text", text.size());
    text.stream().forEach(this::checkToken);
  }

  /** The likeliest tokens at each place of a text but the first. */
  List<List<LikelyToken>> likeliest(TokenIds text, int number) {
    checkText(text);
    return call(
        () -> {
          try (DecoderSession session = newSession()) {
            List<Node> path =
                session.tree().path(text.part(0, text.size() - 1), variant(text.size()));
            session.run(path);
            return path.stream()
                .map(node -> LikelyToken.of(session.logSoftmax(node), number))
                .toList();
          }
        });
  }

  int liveTensors() {
    return call(program.program()::liveTensors);
  }

  /** Waits for the call that is under way; those that wait behind are refused. */
  @Override
  public void close() {
    try (tokenizer) {
      thread.run(this::closeProgram);
    }
  }

  private void closeProgram() {
    if (!closed) {
      closed = true;
      program.close();
    }
  }
}
