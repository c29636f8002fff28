// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.ResponseEncoder;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tokens by which responses to one prompt are scored: those of {@code tokenizer(prompt +
 * response)} beyond the common prefix with {@code tokenizer(prompt)}. A token without any token
 * before it has no probability and does not count. For one thread at a time.
 */
public final class ResponseTokens {
  private final ResponseEncoder encoder;

  /**
   * Tokenizes the prompt.
   *
   * @param tokenizer stays the caller's
   */
  public ResponseTokens(ModelTokenizer tokenizer, Rendered prompt) {
    encoder = new ResponseEncoder(tokenizer, prompt);
  }

  /**
   * One response.
   *
   * @param tokens of prompt and response
   * @param from index of the first that counts
   * @param ended whether its end counts as one more
   */
  public record Sequence(TokenIds tokens, int from, boolean ended) {

    /** Positions that it takes. */
    public int length() {
      return tokens.size() + (ended ? 1 : 0);
    }
  }

  /** The sequences of responses, in order. */
  public List<Sequence> of(List<Response> responses) {
    List<TokenIds> tokens = encoder.encode(responses.stream().map(Response::text).toList());
    return IntStream.range(0, responses.size())
        .mapToObj(i -> sequence(tokens.get(i), responses.get(i).ended()))
        .toList();
  }

  private Sequence sequence(TokenIds tokens, boolean ended) {
    int common = encoder.promptTokens().commonPrefix(tokens);
    return new Sequence(tokens, Math.max(1, common), ended);
  }

  /** The prompt whose responses are scored. */
  Rendered prompt() {
    return encoder.prompt();
  }

  /** The tokens of the prompt alone. */
  public TokenIds promptTokens() {
    return encoder.promptTokens();
  }

  /** Characters that the tokenizer was given so far. */
  long charactersTokenized() {
    return encoder.charactersTokenized();
  }
}
