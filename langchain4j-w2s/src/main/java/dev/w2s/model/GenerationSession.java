// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.DecodedResponse;
import dev.w2s.model.text.ResponseDecoder;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Samples responses to one prompt, many at once, and goes on with any of them later. The prompt is
 * run once; a response that is extended again finds its keys and values in the cache.
 */
public final class GenerationSession implements AutoCloseable {
  private static final float[] NOTHING = {};

  private final LoadedModel model;
  private final SamplingParameters parameters;
  private final SplittableRandom random;
  private final StopStrings stop;
  private final TokenIds promptTokens;
  private final ResponseDecoder texts;
  private final DecoderSession session;
  private final @Nullable SteeringSession steering;
  private long tokensDrawn;

  /**
   * @param steering taken over; null for the model as it is
   */
  GenerationSession(
      LoadedModel model,
      Rendered prompt,
      SamplingParameters parameters,
      long seed,
      @Nullable SteeringSession steering) {
    this.model = model;
    this.parameters = parameters;
    this.steering = steering;
    random = new SplittableRandom(seed);
    stop = new StopStrings(parameters.stop());
    promptTokens = model.encodePrompt(prompt);
    texts = new ResponseDecoder(model.tokenizer(), promptTokens);
    session = model.newSession();
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
   * @param from the response so far
   * @param draws how many continuations to draw
   * @param maxTokens most tokens of each
   */
  public record Extension(Continuation from, int draws, int maxTokens) {
    /**
     * @throws IllegalArgumentException if draws or maxTokens are below 1
     */
    public Extension {
      if (draws < 1 || maxTokens < 1) {
        throw new IllegalArgumentException(
            "draws is %d and maxTokens is %d; both must be at least 1".formatted(draws, maxTokens));
      }
    }
  }

  /**
   * A continued response.
   *
   * @param response all its tokens, those given and those drawn, an EOS token left out, with what
   *     is known of their text
   * @param text its text without a stop string; of one that may go on only what will stay whatever
   *     comes
   * @param heldBack of a response that may go on what follows the text and a stop string may still
   *     cut; else empty. The bytes of an unfinished character are in neither.
   * @param drawn how many tokens were drawn for it, an EOS token included
   * @param logProbability nats of all its tokens given what precedes each, an EOS token included,
   *     as the model has them before penalties, temperature, top-k and top-p; NaN of a response
   *     that was not drawn here from its beginning
   * @param ending why it went no further
   */
  public record Continuation(
      DecodedResponse response,
      String text,
      String heldBack,
      int drawn,
      double logProbability,
      Ending ending) {

    /** The text of a response that will not go on. */
    public String wholeText() {
      return text + heldBack;
    }
  }

  /** The response of no tokens, with which every other one starts. */
  public Continuation start() {
    return continuation(DecodedResponse.EMPTY, 0);
  }

  /** A response that was drawn elsewhere: its text as this model's tokenizer reads it. */
  public Continuation take(String response) {
    return response.isEmpty()
        ? start()
        : take(model.tokenizer().encode(response, /* addSpecialTokens= */ false));
  }

  Continuation take(TokenIds response) {
    return continuation(texts.decode(response), Double.NaN);
  }

  private Continuation continuation(DecodedResponse response, double nats) {
    String text = response.text();
    int stopAt = stop.firstIn(text, 0);
    int end = stopAt >= 0 ? stopAt : text.length() - stop.heldBack(text);
    return new Continuation(
        response, text.substring(0, end), text.substring(end), 0, nats, Ending.LIMIT);
  }

  /** One response on its way. */
  private final class Row {
    final ResponseDecoder.Growing response;
    final int maxTokens;
    Node last;
    int drawn;
    double nats;
    Ending ending = Ending.LIMIT;

    /** Where in the text a stop string begins, or may begin. */
    int textEnd;

    Row(Extension extension, Node last) {
      response = texts.grow(extension.from().response());
      textEnd = extension.from().text().length();
      nats = extension.from().logProbability();
      maxTokens = extension.maxTokens();
      this.last = last;
    }

    boolean open() {
      return ending == Ending.LIMIT && drawn < maxTokens;
    }

    void append(DrawnToken token) {
      drawn++;
      tokensDrawn++;
      nats += token.logProbability();
      if (model.eosTokens().contains(token.id())) {
        ending = Ending.END_OF_SEQUENCE;
        return;
      }
      response.append(token.id());
      int length = promptTokens.size() + response.size();
      last = session.tree().child(last, token.id(), model.variant(length));
      if (!stop.texts().isEmpty()) {
        lookForStop();
      }
      if (ending == Ending.LIMIT) {
        checkPositions();
      }
    }

    /** Whether the whole sequence has to be run again, and has left its old nodes behind. */
    boolean anew() {
      return !last.parent().hasRun();
    }

    private void lookForStop() {
      String fresh = response.text(textEnd);
      int stopAt = stop.firstIn(fresh + response.unfinished(), 0);
      if (stopAt >= 0) {
        ending = Ending.STOP_STRING;
        textEnd += stopAt;
      } else {
        textEnd += fresh.length() - stop.heldBack(fresh);
      }
    }

    void checkPositions() {
      boolean full = promptTokens.size() + response.size() >= model.config().positions();
      if (full || (steering != null && steering.isFull(response.size()))) {
        ending = Ending.POSITIONS;
      }
    }

    Continuation finish() {
      DecodedResponse all = response.decoded();
      String settled = all.text();
      return switch (ending) {
        case END_OF_SEQUENCE -> ended(all, all.wholeText());
        case STOP_STRING -> ended(all, all.wholeText().substring(0, textEnd));
        case POSITIONS -> ended(all, settled);
        case LIMIT -> {
          int end = stop.texts().isEmpty() ? settled.length() : textEnd;
          yield new Continuation(
              all, settled.substring(0, end), settled.substring(end), drawn, nats, ending);
        }
      };
    }

    private Continuation ended(DecodedResponse all, String text) {
      return new Continuation(all, text, "", drawn, nats, ending);
    }
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
    // Steering models may be on another device, whose thread this one's must not wait for: there
    // may be a call that waits the other way round.
    return steering == null ? model.call(() -> extendBatch(extensions)) : extendBatch(extensions);
  }

  private List<List<Continuation>> extendBatch(List<Extension> extensions) {
    List<List<Row>> groups = extensions.stream().map(this::rows).toList();
    List<Node> starts = groups.stream().map(group -> group.get(0).last).toList();
    session.tree().retain(starts);
    if (steering != null) {
      steering.retain(starts, promptTokens.size());
    }
    List<Row> rows = groups.stream().flatMap(List::stream).toList();
    List<Row> open = open(rows);
    while (!open.isEmpty()) {
      step(open);
      open = open(open);
      if (open.stream().anyMatch(Row::anew)) {
        session.tree().retain(rows.stream().map(row -> row.last).toList());
      }
    }
    return groups.stream().map(group -> group.stream().map(Row::finish).toList()).toList();
  }

  private List<Row> rows(Extension extension) {
    TokenIds response = extension.from().response().tokens();
    response.stream().forEach(model::checkToken);
    TokenIds tokens = promptTokens.plus(response);
    model.checkLength("prompt and response", tokens.size());
    List<Node> path = session.tree().path(tokens, model.variant(tokens.size()));
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
    Set<Node> distinct = new LinkedHashSet<>(last);
    int prompt = promptTokens.size();
    double[] uniform = rows.stream().mapToDouble(row -> random.nextDouble()).toArray();
    float[] added =
        steering == null ? NOTHING : steering.added(distinct, prompt, model.summary().vocabulary());
    List<DrawnToken> tokens =
        model.call(
            () -> {
              session.run(distinct);
              return session.draw(last, uniform, parameters, added, prompt);
            });
    for (int i = 0; i < tokens.size(); i++) {
      rows.get(i).append(tokens.get(i));
    }
  }

  /** Tokens drawn so far, EOS tokens included; true also after a failure. */
  public long tokensDrawn() {
    return tokensDrawn;
  }

  /** Tokens run through the models that steer so far, true also after a failure; 0 for none. */
  public long steeringTokens() {
    return steering == null ? 0 : steering.tokensRun();
  }

  /** Tokens of the prompt. */
  public int promptTokens() {
    return promptTokens.size();
  }

  @Override
  public void close() {
    try {
      model.release(session);
    } finally {
      if (steering != null) {
        steering.close();
      }
    }
  }
}
