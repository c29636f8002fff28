// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.ResponseTokens.Sequence;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.Rendered;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Log-probabilities of responses to one prompt, or to each of several.
 *
 * <p>The tokens of a response are those of {@code tokenizer(prompt + response)} beyond the common
 * prefix with {@code tokenizer(prompt)}; if the response ended, the end counts as one more: that
 * any of the model's EOS tokens is drawn. A token without any token before it has no probability
 * and does not count.
 *
 * <p>The cache lives as long as the session: of a response only those tokens are run that are new
 * since the call before, and tokens that sequences of one call share are run once. The values are
 * those of a fresh session, but for rounding.
 */
public final class ScoringSession implements AutoCloseable {
  private final LoadedModel model;
  private final List<ResponseTokens> encoders;
  private final DecoderSession session;

  private ScoringSession(LoadedModel model, List<ResponseTokens> encoders) {
    this.model = model;
    this.encoders = encoders;
    encoders.forEach(encoder -> model.checkPrompt(encoder.prompt(), encoder.promptTokens()));
    session = model.newSession();
  }

  static ScoringSession open(LoadedModel model, List<Rendered> prompts) {
    return new ScoringSession(
        model,
        prompts.stream().map(prompt -> new ResponseTokens(model.tokenizer(), prompt)).toList());
  }

  /** Opens a session that leaves the tokenizing to another one where that gives the same tokens. */
  static ScoringSession open(LoadedModel model, Rendered prompt, ScoringSession beside) {
    ResponseTokens encoder = beside.encoders.get(0);
    boolean same =
        encoder.prompt().equals(prompt) && beside.model.tokenizer().tokenizesAs(model.tokenizer());
    return same ? new ScoringSession(model, List.of(encoder)) : open(model, List.of(prompt));
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

  /** A sequence in the tree: the nodes that count, and the EOS tokens behind it if it ended. */
  private record Path(Node last, List<Node> counted, List<Node> ends) {

    Stream<Node> needed() {
      return Stream.concat(counted.stream(), ends.stream());
    }

    Score score() {
      double nats = 0;
      for (Node node : counted) {
        nats += node.logProbability;
      }
      return ends.isEmpty()
          ? new Score(nats, counted.size())
          : new Score(nats + logSumExp(ends), counted.size() + 1);
    }

    /** Nats that any of the tokens comes next. */
    private static double logSumExp(List<Node> nodes) {
      double most = nodes.stream().mapToDouble(n -> n.logProbability).max().orElseThrow();
      double sum = nodes.stream().mapToDouble(n -> Math.exp(n.logProbability - most)).sum();
      return most + Math.log(sum);
    }
  }

  /**
   * Scores responses to the session's prompt. What the next call does not share with these is
   * forgotten.
   *
   * @return a score for each response, in order
   * @throws PositionLimitException if prompt and response are longer than the model's positions
   * @throws InvalidModelException if a response ended and the model has no EOS token, or the logits
   *     are not finite
   */
  public List<Score> score(List<Response> responses) {
    return scoreEach(responses).get(0);
  }

  /**
   * Scores responses to each of the session's prompts, all in one batch. What the next call does
   * not share with these is forgotten.
   *
   * @return for each prompt, in order, a score for each response, in order
   * @throws PositionLimitException if prompt and response are longer than the model's positions
   * @throws InvalidModelException if a response ended and the model has no EOS token, or the logits
   *     are not finite
   */
  public List<List<Score>> scoreEach(List<Response> responses) {
    return prepareEach(responses).get();
  }

  /**
   * Does what is bound to the session's thread, and leaves the rest to be called from any, so that
   * a model on another device may work meanwhile.
   *
   * @return what {@link #scoreEach} returns and throws
   */
  public Supplier<List<List<Score>>> prepareEach(List<Response> responses) {
    List<Sequence> sequences =
        encoders.stream().flatMap(encoder -> encoder.of(responses).stream()).toList();
    for (Sequence sequence : sequences) {
      if (sequence.ended()) {
        requireEos();
      }
      model.checkLength("prompt and response", sequence.length());
    }
    return () -> byPrompt(model.call(() -> scoreSequences(sequences)), responses.size());
  }

  private List<List<Score>> byPrompt(List<Score> scores, int each) {
    return IntStream.range(0, encoders.size())
        .mapToObj(i -> scores.subList(i * each, (i + 1) * each))
        .toList();
  }

  /**
   * For each response, in order, whether the model has positions enough for each prompt and the
   * response.
   */
  public List<Boolean> fit(List<Response> responses) {
    int positions = model.config().positions();
    List<List<Sequence>> each = encoders.stream().map(encoder -> encoder.of(responses)).toList();
    return IntStream.range(0, responses.size())
        .mapToObj(i -> each.stream().allMatch(of -> of.get(i).length() <= positions))
        .toList();
  }

  private void requireEos() {
    if (model.eosTokens().ids().isEmpty()) {
      throw new InvalidModelException(
          "model "
              + model.reference()
              + ": none of generation_config.json, tokenizer_config.json and config.json names an EOS"
              + " token that the model has, which the score of a response that ended needs");
    }
  }

  private List<Score> scoreSequences(List<Sequence> sequences) {
    List<Path> paths = sequences.stream().map(this::path).toList();
    session
        .tree()
        .retain(
            paths.stream().flatMap(p -> Stream.concat(Stream.of(p.last()), p.needed())).toList());
    List<Node> unscored =
        paths.stream().flatMap(Path::needed).filter(n -> Double.isNaN(n.logProbability)).toList();
    session.run(unscored.stream().map(Node::parent).toList());
    session.scoreNodes(unscored);
    return paths.stream().map(Path::score).toList();
  }

  private Path path(Sequence sequence) {
    TokenTree tree = session.tree();
    List<Node> nodes = tree.path(sequence.tokens(), model.variant(sequence.length()));
    Node last = nodes.get(nodes.size() - 1);
    List<Integer> ends = sequence.ended() ? model.eosTokens().ids() : List.of();
    return new Path(
        last,
        nodes.subList(Math.min(sequence.from(), nodes.size()), nodes.size()),
        ends.stream().map(token -> tree.child(last, token)).toList());
  }

  /** Where the model is: {@code cpu} or {@code cuda:N}. */
  public String device() {
    return model.summary().device();
  }

  /** Tokens run through the model so far, the prompt's included. */
  public long tokensRun() {
    return session.tokensRun();
  }

  /** Characters that the tokenizer was given so far, for tests. */
  long charactersTokenized() {
    return encoders.stream().mapToLong(ResponseTokens::charactersTokenized).sum();
  }

  @Override
  public void close() {
    model.release(session);
  }
}
