// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.models;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.WeakToStrongStreamingLanguageModel;
import dev.w2s.gateway.openai.CompletionBody.Asked;
import dev.w2s.search.ChunkBeam;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The large model that is guided: in this process, or behind another server. */
public sealed interface LargeModel permits EmbeddedModel, UpstreamModel {
  /** A builder with the model in it, for one chat. */
  WeakToStrongStreamingChatModel.Builder chat();

  /** A builder with the model in it, for one completion. */
  WeakToStrongStreamingLanguageModel.Builder text();

  /** How it is searched where nothing steers it: one answer, in pieces as small as cost no more. */
  ChunkBeam alone();

  /**
   * The text of a prompt.
   *
   * @throws dev.w2s.gateway.openai.ApiException if it is given by tokens, which the model cannot
   *     read
   */
  String text(Asked prompt);

  /**
   * How likely the model finds the tokens of a prompt and what follows it.
   *
   * @param likeliest how many tokens are told of each place that the model would rather have there
   * @throws dev.w2s.gateway.openai.ApiException if it cannot say
   */
  Scored score(Asked prompt, String completion, int likeliest);

  /**
   * A token with its log-probability.
   *
   * @param text empty for a special token, and for one that is not yet a whole character
   * @param offset where it begins in the text, in characters
   * @param nats given those before it; null of the first
   * @param likeliest nats by text of the likeliest in its place, and its own; none of the first,
   *     and where they are not asked for
   */
  record Token(String text, int offset, @Nullable Double nats, Map<String, Double> likeliest) {}

  /**
   * Tokens with log-probabilities.
   *
   * @param promptTokens how many of them are the prompt's
   * @param text of all, without special tokens
   */
  record Scored(List<Token> tokens, int promptTokens, String text) {
    /** What reading it cost. */
    public TokenUsage usage() {
      return new TokenUsage(promptTokens, tokens.size() - promptTokens);
    }
  }
}
