// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.util.Objects.requireNonNull;

import dev.w2s.model.CausalModel;
import dev.w2s.model.ResponseTokens;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pair of which at least one model runs behind a server. Texts are tokenized here, by the pair's
 * tokenizer, and sent as token ids; the scores are those of the same models in this process, but
 * for rounding. Safe for use by several threads.
 */
public final class RemotePair implements Pair {
  private static final Logger LOG = LoggerFactory.getLogger(RemotePair.class);

  private final Side tuned;
  private final Side untuned;
  private final ModelTokenizer tokenizer;

  private RemotePair(Side tuned, Side untuned, ModelTokenizer tokenizer) {
    this.tuned = tuned;
    this.untuned = untuned;
    this.tokenizer = tokenizer;
  }

  /** One model, which sees prompts in its own format. */
  private interface Side {
    ResponseScores open(Prompt prompt);
  }

  /** Builds one. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public PairSession openSession(Prompt prompt) {
    ResponseScores first = tuned.open(prompt);
    try {
      return new PairSession(first, untuned.open(prompt));
    } catch (RuntimeException | Error e) {
      first.close();
      throw e;
    }
  }

  @Override
  public ModelTokenizer tokenizer() {
    return tokenizer;
  }

  /** Nothing to free: tokenizer and local models are the caller's. */
  @Override
  public void close() {}

  /** What a pair is made of. */
  public static final class Builder {
    private @Nullable Function<TokenizerDirectory, Side> tuned;
    private @Nullable Function<TokenizerDirectory, Side> untuned;
    private @Nullable TokenizerDirectory tokenizer;

    private Builder() {}

    /** The tuned model behind a server, and how it sees a prompt. */
    public Builder tuned(RemoteModel model, PromptOptions options) {
      tuned = remote(model, options);
      return this;
    }

    /** The tuned model in this process, which stays the caller's, and how it sees a prompt. */
    public Builder tuned(CausalModel model, PromptOptions options) {
      tuned = local(model, options);
      return this;
    }

    /** The model it was tuned from, behind a server, and how it sees a prompt. */
    public Builder untuned(RemoteModel model, PromptOptions options) {
      untuned = remote(model, options);
      return this;
    }

    /** The model it was tuned from, in this process; it stays the caller's. */
    public Builder untuned(CausalModel model, PromptOptions options) {
      untuned = local(model, options);
      return this;
    }

    /**
     * The tokenizer of both models, with the tokens that end a response.
     *
     * @param tokenizer stays the caller's
     */
    public Builder tokenizer(TokenizerDirectory tokenizer) {
      this.tokenizer = requireNonNull(tokenizer, "tokenizer");
      return this;
    }

    /**
     * Asks each server for the log-probabilities of two short texts, and builds the pair.
     *
     * @throws IllegalStateException if a model or the tokenizer is not given
     * @throws InvalidModelException if the tokenizer names no end, or a local model has another
     *     vocabulary
     * @throws dev.w2s.server.ServerException if a server cannot be reached, or tells no
     *     log-probabilities of prompts; the message names it
     */
    public RemotePair connect() {
      if (tuned == null || untuned == null || tokenizer == null) {
        String missing = tuned == null ? "tuned" : untuned == null ? "untuned" : "tokenizer";
        throw new IllegalStateException(
            missing + " is missing; a pair needs tuned, untuned and tokenizer");
      }
      if (tokenizer.eosTokens().isEmpty()) {
        throw new InvalidModelException(
            "the pair's tokenizer directory names no EOS token; generation_config.json,"
                + " tokenizer_config.json or config.json must");
      }
      return new RemotePair(
          tuned.apply(tokenizer), untuned.apply(tokenizer), tokenizer.tokenizer());
    }

    private static Function<TokenizerDirectory, Side> remote(
        RemoteModel model, PromptOptions options) {
      requireNonNull(model, "model");
      requireNonNull(options, "options");
      return directory -> {
        model.check();
        PromptFormat format = directory.tokenizer().promptFormat(options);
        return prompt -> {
          Rendered rendered = PairSide.render(format, prompt);
          ResponseTokens tokens = new ResponseTokens(directory.tokenizer(), rendered);
          if (tokens.promptTokens().isEmpty()) {
            throw new IllegalArgumentException(
                "prompt is '%s', of which %s sees no tokens".formatted(rendered.text(), model));
          }
          return new RemoteScores(model, tokens, directory.eosTokens());
        };
      };
    }

    private static Function<TokenizerDirectory, Side> local(
        CausalModel model, PromptOptions options) {
      requireNonNull(model, "model");
      requireNonNull(options, "options");
      return directory -> {
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        PairCheck.checkTokens(model.tokenizer(), directory.tokenizer(), errors, warnings);
        if (!errors.isEmpty()) {
          throw new InvalidModelException(
              "%s does not fit the pair's tokenizer: %s"
                  .formatted(model.reference(), String.join("; ", errors)));
        }
        warnings.forEach(warning -> LOG.warn("{}: {}", model.reference(), warning));
        PairSide side = new PairSide(model, model.tokenizer().promptFormat(options));
        return prompt -> new ResponseScores.Local(side.open(prompt));
      };
    }
  }
}
