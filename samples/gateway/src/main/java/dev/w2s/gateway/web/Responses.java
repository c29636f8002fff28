// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.gateway.admission.Admission;
import dev.w2s.gateway.answers.Piece;
import dev.w2s.gateway.openai.Streaming;
import dev.w2s.gateway.settings.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Turns the pieces of an answer's choices into a response. */
final class Responses {
  /** Some clients read streams without a charset as Latin-1. */
  private static final MediaType EVENTS = new MediaType(MediaType.TEXT_EVENT_STREAM, UTF_8);

  private static final String DONE = "data: [DONE]\n\n";
  private static final String COMMENT = ": still searching\n\n";

  private final Admission admission;
  private final Limits limits;
  private final Errors errors;

  Responses(Admission admission, Limits limits, Errors errors) {
    this.admission = admission;
    this.limits = limits;
    this.errors = errors;
  }

  /** One choice after the other, streamed or whole, once there is a place for the request. */
  Mono<ServerResponse> of(
      Wire wire, int choices, IntFunction<Flux<Piece>> answers, Streaming streaming, String path) {
    return streaming.stream()
        ? streamed(placed(events(wire, choices, answers, streaming)), path)
        : admission.admit(whole(wire, choices, answers).flux()).single().flatMap(Responses::json);
  }

  /** A place is held while the answer is made: who reads slowly holds a text, and no place. */
  Flux<String> placed(Flux<String> events) {
    return admission.admit(events).onBackpressureBuffer();
  }

  static Mono<ServerResponse> json(ObjectNode body) {
    return ServerResponse.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(body.toString().getBytes(UTF_8));
  }

  private Mono<ObjectNode> whole(Wire wire, int choices, IntFunction<Flux<Piece>> answers) {
    return Flux.range(0, choices)
        .concatMap(index -> answers.apply(index).collectList())
        .collectList()
        .map(
            all -> {
              ObjectNode answer = wire.answer();
              ArrayNode list = answer.putArray("choices");
              Bill bill = new Bill();
              for (int i = 0; i < all.size(); i++) {
                bill.add(end(all.get(i)).usage());
                list.add(whole(wire, i, all.get(i)));
              }
              return answer.set("usage", Wire.usage(bill.sum()));
            });
  }

  private static ObjectNode whole(Wire wire, int index, List<Piece> pieces) {
    StringBuilder text = new StringBuilder();
    StringBuilder thinking = new StringBuilder();
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Text more) {
        text.append(more.text());
      } else if (piece instanceof Piece.Thinking more) {
        thinking.append(more.text());
      }
    }
    return wire.whole(index, text.toString(), thinking.toString(), end(pieces));
  }

  private static Piece.End end(List<Piece> pieces) {
    return (Piece.End) pieces.get(pieces.size() - 1);
  }

  private static Flux<String> events(
      Wire wire, int choices, IntFunction<Flux<Piece>> answers, Streaming streaming) {
    Bill bill = new Bill();
    Flux<ObjectNode> pieces =
        Flux.range(0, choices)
            .concatMap(
                choice ->
                    answers
                        .apply(choice)
                        .index()
                        .concatMapIterable(
                            piece -> json(wire, choice, piece.getT2(), piece.getT1() == 0, bill)));
    return Flux.concat(pieces, usage(wire, streaming, bill))
        .map(Responses::event)
        .concatWithValues(DONE);
  }

  /** Who speaks is said with the first text and not before: until then a request can fail. */
  private static List<ObjectNode> json(
      Wire wire, int choice, Piece piece, boolean isFirst, Bill bill) {
    List<ObjectNode> json = new ArrayList<>();
    ObjectNode speaker = isFirst ? wire.first(choice) : null;
    if (speaker != null) {
      json.add(wire.piece(speaker));
    }
    if (piece instanceof Piece.End end) {
      bill.add(end.usage());
      json.add(wire.piece(wire.last(choice, end)));
    } else {
      json.add(wire.piece(wire.more(choice, piece)));
    }
    return json;
  }

  private static Flux<ObjectNode> usage(Wire wire, Streaming streaming, Bill bill) {
    return streaming.usage()
        ? Flux.defer(() -> Flux.just(wire.usagePiece(bill.sum())))
        : Flux.empty();
  }

  private static String event(ObjectNode data) {
    return "data: " + data + "\n\n";
  }

  /**
   * What fails before anything is sent fails the request; what fails behind it is an event of its
   * own, and no end follows. A comment now and then keeps proxies from closing a silent stream.
   */
  private Mono<ServerResponse> streamed(Flux<String> events, String path) {
    AtomicBoolean begun = new AtomicBoolean();
    Flux<String> sent =
        events
            .publish(this::withComments)
            .doOnNext(event -> begun.set(true))
            .onErrorResume(
                failure ->
                    begun.get()
                        ? Flux.just(event(errors.of(failure, path).body()))
                        : Flux.error(failure));
    return ServerResponse.ok()
        .contentType(EVENTS)
        .header("Cache-Control", "no-cache")
        .header("X-Accel-Buffering", "no")
        .body(
            (response, context) ->
                response.writeAndFlushWith(sent.map(event -> Mono.just(buffer(event)))));
  }

  private Flux<String> withComments(Flux<String> events) {
    Flux<String> comments =
        Flux.interval(limits.keepAlive())
            .map(tick -> COMMENT)
            .onBackpressureDrop()
            .takeUntilOther(events.ignoreElements().onErrorComplete());
    return Flux.merge(events, comments);
  }

  private static DataBuffer buffer(String event) {
    return DefaultDataBufferFactory.sharedInstance.wrap(event.getBytes(UTF_8));
  }
}
