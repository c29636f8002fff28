// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Samples responses to one prompt, many at once, and goes on with any of them later. The prompt is
 * run once; a response that is extended again finds its keys and values in the cache.
 */
public final class GenerationSession implements AutoCloseable {
  private final LoadedModel decoder;
  private final SamplingParameters parameters;
  private final SplittableRandom random;
  private final List<Integer> promptTokens;
  private final DecoderSession session;

  GenerationSession(
      LoadedModel decoder, Rendered prompt, SamplingParameters parameters, long seed) {
    this.decoder = decoder;
    this.parameters = parameters;
    random = new SplittableRandom(seed);
    promptTokens = decoder.encodePrompt(prompt);
    session = decoder.newSession();
  }

  /** Why a response went no further. */
  public enum Ending {
    /** It may go on: as many tokens were drawn as were asked for. */
    LIMIT,
    /** The model drew a token that ends a response. */
    END_OF_SEQUENCE,
    /** The text reached a stop string. */
    STOP_STRING,
    /** The model's positions ran out. */
    POSITIONS
  }

  /**
   * A wish for continuations.
   *
   * @param response tokens of the response so far; empty at first
   * @param draws how many continuations to draw
   * @param maxTokens most tokens of each
   */
  public record Extension(List<Integer> response, int draws, int maxTokens) {
    /**
     * @throws IllegalArgumentException if draws or maxTokens are below 1
     */
    public Extension {
      response = List.copyOf(response);
      if (draws < 1 || maxTokens < 1) {
        throw new IllegalArgumentException(
            "draws is %d and maxTokens is %d; both must be at least 1".formatted(draws, maxTokens));
      }
    }
  }

  /**
   * A continued response.
   *
   * @param response all its tokens, those given and those drawn, an EOS token left out
   * @param text their text, without stop string and without the bytes of an unfinished character
   * @param drawn how many tokens were drawn for it, an EOS token included
   * @param ending why it went no further
   */
  public record Continuation(List<Integer> response, String text, int drawn, Ending ending) {}

  /** One response on its way. */
  private final class Row {
    final List<Integer> response;
    final int maxTokens;
    Node last;
    int drawn;
    Ending ending = Ending.LIMIT;

    Row(Extension extension, Node last) {
      response = new ArrayList<>(extension.response());
      maxTokens = extension.maxTokens();
      this.last = last;
    }

    boolean open() {
      return ending == Ending.LIMIT && drawn < maxTokens;
    }

    void append(int token) {
      drawn++;
      if (decoder.eosTokens().contains(token)) {
        ending = Ending.END_OF_SEQUENCE;
        return;
      }
      response.add(token);
      last = session.tree().child(last, token);
      if (stopAt(text()) >= 0) {
        ending = Ending.STOP_STRING;
      } else {
        checkPositions();
      }
    }

    void checkPositions() {
      if (promptTokens.size() + response.size() >= decoder.config().positions()) {
        ending = Ending.POSITIONS;
      }
    }

    private String text() {
      return parameters.stop().isEmpty()
          ? ""
          : decoder.tokenizer().decodeResponse(promptTokens, response);
    }

    Continuation finish() {
      ModelTokenizer tokenizer = decoder.tokenizer();
      String text =
          ending == Ending.LIMIT || ending == Ending.POSITIONS
              ? tokenizer.decodeOpenResponse(promptTokens, response)
              : tokenizer.decodeResponse(promptTokens, response);
      if (ending == Ending.STOP_STRING) {
        text = text.substring(0, stopAt(text));
      }
      return new Continuation(List.copyOf(response), text, drawn, ending);
    }
  }

  private int stopAt(String text) {
    return parameters.stop().stream()
        .mapToInt(text::indexOf)
        .filter(at -> at >= 0)
        .min()
        .orElse(-1);
  }

  /**
   * Draws continuations, all of them in one batch. What the next call does not extend is forgotten.
   *
   * @return for each extension, in order, its draws
   * @throws IllegalArgumentException if a response holds a token that the model does not have
   * @throws PositionLimitException if prompt and response are longer than the model's positions
   * @throws InvalidModelException if the logits are not finite
   */
  public List<List<Continuation>> extend(List<Extension> extensions) {
    return decoder.call(() -> extendBatch(extensions));
  }

  private List<List<Continuation>> extendBatch(List<Extension> extensions) {
    List<List<Row>> groups = extensions.stream().map(this::rows).toList();
    session.tree().retain(groups.stream().map(group -> group.get(0).last).toList());
    List<Row> open = open(groups.stream().flatMap(List::stream).toList());
    while (!open.isEmpty()) {
      step(open);
      open = open(open);
    }
    return groups.stream().map(group -> group.stream().map(Row::finish).toList()).toList();
  }

  private List<Row> rows(Extension extension) {
    extension.response().forEach(decoder::checkToken);
    List<Integer> tokens = new ArrayList<>(promptTokens);
    tokens.addAll(extension.response());
    decoder.checkLength("prompt and response", tokens.size());
    List<Node> path = session.tree().path(tokens);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < extension.draws(); i++) {
      Row row = new Row(extension, path.get(path.size() - 1));
      row.checkPositions();
      rows.add(row);
    }
    return rows;
  }

  private static List<Row> open(List<Row> rows) {
    return rows.stream().filter(Row::open).toList();
  }

  private void step(List<Row> rows) {
    List<Node> last = rows.stream().map(row -> row.last).toList();
    session.run(new LinkedHashSet<>(last));
    double[] uniform = rows.stream().mapToDouble(row -> random.nextDouble()).toArray();
    long[] tokens = session.draw(last, uniform, parameters);
    for (int i = 0; i < tokens.length; i++) {
      rows.get(i).append((int) tokens[i]);
    }
  }

  /** Tokens of the prompt. */
  public int promptTokens() {
    return promptTokens.size();
  }

  @Override
  public void close() {
    decoder.release(session);
  }
}
