// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.List;

/**
 * Log-probabilities of responses to one prompt.
 *
 * <p>The tokens of a response are those of {@code tokenizer(prompt + response)} beyond the common
 * prefix with {@code tokenizer(prompt)}; if the response ended, the EOS token counts too. A token
 * without any token before it has no probability and does not count.
 *
 * <p>The cache lives as long as the session: of a response only those tokens are run that are new
 * since the call before, and tokens that responses of one call share are run once. The values are
 * those of a fresh session, but for rounding.
 */
public final class ScoringSession implements AutoCloseable {
  private final LoadedDecoder decoder;
  private final Rendered prompt;
  private final List<Integer> promptTokens;
  private final DecoderSession session;

  ScoringSession(LoadedDecoder decoder, Rendered prompt) {
    this.decoder = decoder;
    this.prompt = prompt;
    promptTokens = decoder.encodePrompt(prompt);
    session = decoder.newSession();
  }

  /**
   * A response text.
   *
   * @param text what follows the prompt
   * @param ended whether it really ended (EOS or stop string) instead of being cut or unfinished
   */
  public record Response(String text, boolean ended) {}

  /**
   * The score of one response under one model.
   *
   * @param logProbability the sum over its tokens, nats
   * @param tokens how many tokens counted
   */
  public record Score(double logProbability, int tokens) {}

  private record Sequence(List<Integer> tokens, int from) {}

  /**
   * Scores responses. What the next call does not share with these is forgotten.
   *
   * @return a score for each response, in order
   * @throws PositionLimitException if prompt and response are longer than the model's positions
   * @throws InvalidModelException if a response ended and the model has no EOS token, or the logits
   *     are not finite
   */
  public List<Score> score(List<Response> responses) {
    List<Sequence> sequences = responses.stream().map(this::sequence).toList();
    return decoder.call(() -> scoreSequences(sequences));
  }

  /** Whether the model has positions enough for prompt and response. */
  public boolean fits(Response response) {
    int tokens =
        decoder.tokenizer().encode(prompt.text() + response.text(), prompt.specialTokens()).size();
    return tokens + (response.ended() ? 1 : 0) <= decoder.config().positions();
  }

  private Sequence sequence(Response response) {
    List<Integer> tokens =
        new ArrayList<>(
            decoder.tokenizer().encode(prompt.text() + response.text(), prompt.specialTokens()));
    int common = 0;
    while (common < Math.min(promptTokens.size(), tokens.size())
        && promptTokens.get(common).equals(tokens.get(common))) {
      common++;
    }
    if (response.ended()) {
      tokens.add(requireEos());
    }
    decoder.checkLength("prompt and response", tokens.size());
    return new Sequence(tokens, Math.max(1, common));
  }

  private int requireEos() {
    Integer eos = decoder.eosToken();
    if (eos == null) {
      throw new InvalidModelException(
          "model "
              + decoder.reference()
              + ": neither tokenizer_config.json nor config.json names an EOS token, which the score"
              + " of a response that ended needs");
    }
    return eos;
  }

  private List<Score> scoreSequences(List<Sequence> sequences) {
    TokenTree tree = session.tree();
    List<List<Node>> paths = sequences.stream().map(s -> tree.path(s.tokens())).toList();
    tree.retain(paths.stream().map(path -> path.get(path.size() - 1)).toList());
    List<Node> counted = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      List<Node> path = paths.get(i);
      counted.addAll(path.subList(Math.min(sequences.get(i).from(), path.size()), path.size()));
    }
    List<Node> unscored = counted.stream().filter(n -> Double.isNaN(n.logProbability)).toList();
    session.run(unscored.stream().map(Node::parent).toList());
    session.scoreNodes(unscored);
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      scores.add(sum(paths.get(i), sequences.get(i).from()));
    }
    return scores;
  }

  private static Score sum(List<Node> path, int from) {
    double nats = 0;
    int tokens = 0;
    for (Node node : path.subList(Math.min(from, path.size()), path.size())) {
      nats += node.logProbability;
      tokens++;
    }
    return new Score(nats, tokens);
  }

  /** Tokens run through the model so far, the prompt's included. */
  public long tokensRun() {
    return session.tokensRun();
  }

  @Override
  public void close() {
    decoder.call(
        () -> {
          session.close();
          return true;
        });
  }
}
