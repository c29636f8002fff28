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
 * Log-probabilities of responses to one prompt, or to each of several, which models of the same
 * weights may read.
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
  private final List<PromptReading> readings;
  private final DecoderSession session;

  private ScoringSession(List<PromptReading> readings) {
    this.readings = readings;
    session = model().newSession();
  }

  /** Opens a session of one model and several prompts. */
  static ScoringSession open(LoadedModel model, List<Rendered> prompts) {
    return new ScoringSession(
        prompts.stream().map(prompt -> PromptReading.of(model, prompt)).toList());
  }

  /** Opens a session of two models that have the same weights in memory, each with a prompt. */
  static ScoringSession open(
      LoadedModel first, Rendered firstPrompt, LoadedModel second, Rendered secondPrompt) {
    PromptReading one = PromptReading.of(first, firstPrompt);
    return new ScoringSession(List.of(one, beside(one, second, secondPrompt)));
  }

  /** Opens a session that leaves the tokenizing to another one where that gives the same tokens. */
  static ScoringSession open(LoadedModel model, Rendered prompt, ScoringSession beside) {
    return new ScoringSession(List.of(beside(beside.readings.get(0), model, prompt)));
  }

  private static PromptReading beside(PromptReading other, LoadedModel model, Rendered prompt) {
    boolean same =
        other.encoder().prompt().equals(prompt)
            && other.model().tokenizer().tokenizesAs(model.tokenizer());
    return same ? new PromptReading(model, other.encoder()) : PromptReading.of(model, prompt);
  }

  /** Any of the models: their weights and their device are the same. */
  private LoadedModel model() {
    return readings.get(0).model();
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
    List<List<Sequence>> sequences =
        readings.stream().map(reading -> reading.checked(responses)).toList();
    return () -> byPrompt(model().call(() -> scoreSequences(sequences)), responses.size());
  }

  private List<List<Score>> byPrompt(List<Score> scores, int each) {
    return IntStream.range(0, readings.size())
        .mapToObj(i -> scores.subList(i * each, (i + 1) * each))
        .toList();
  }

  /**
   * For each response, in order, whether the model has positions enough for each prompt and the
   * response.
   */
  public List<Boolean> fit(List<Response> responses) {
    List<List<Boolean>> each = readings.stream().map(reading -> reading.fit(responses)).toList();
    return IntStream.range(0, responses.size())
        .mapToObj(i -> each.stream().allMatch(fits -> fits.get(i)))
        .toList();
  }

  private List<Score> scoreSequences(List<List<Sequence>> sequences) {
    readings.forEach(reading -> reading.model().requireOpen());
    List<Path> paths =
        IntStream.range(0, readings.size())
            .boxed()
            .flatMap(i -> sequences.get(i).stream().map(s -> path(readings.get(i).model(), s)))
            .toList();
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

  private Path path(LoadedModel model, Sequence sequence) {
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
    return model().summary().device();
  }

  /** Tokens run through the model so far, the prompt's included. */
  public long tokensRun() {
    return session.tokensRun();
  }

  /** Characters that the tokenizer was given so far, for tests. */
  long charactersTokenized() {
    return readings.stream()
        .map(PromptReading::encoder)
        .distinct()
        .mapToLong(ResponseTokens::charactersTokenized)
        .sum();
  }

  @Override
  public void close() {
    model().release(session);
  }
}
