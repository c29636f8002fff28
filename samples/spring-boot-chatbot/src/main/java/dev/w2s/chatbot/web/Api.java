// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot.web;

import dev.w2s.chatbot.ChatbotProperties;
import dev.w2s.chatbot.answers.AnswerRequest;
import dev.w2s.chatbot.answers.Answers;
import dev.w2s.chatbot.answers.Answers.BusyException;
import dev.w2s.chatbot.answers.Event;
import dev.w2s.chatbot.conversations.Conversations;
import dev.w2s.search.ChunkBeam;
import dev.w2s.spring.loading.Catalog;
import dev.w2s.spring.properties.W2sProperties;
import java.util.Collections;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.codec.DecodingException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Flux;

/** What the page asks for. */
@RestController
class Api {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);

  private final Answers answers;
  private final Conversations conversations;
  private final Settings settings;

  Api(
      Answers answers,
      Conversations conversations,
      ChatbotProperties chatbot,
      W2sProperties guidance,
      Catalog catalog) {
    this.answers = answers;
    this.conversations = conversations;
    ChunkBeam beam = guidance.search().beam();
    settings =
        new Settings(
            chatbot.title(),
            chatbot.example(),
            Collections.unmodifiableMap(catalog.weights()),
            beam.beamWidth(),
            beam.successors(),
            beam.chunkLength(),
            guidance.search().guard().enabled(),
            chatbot.wanted(),
            chatbot.opposite());
  }

  /**
   * What the page begins with.
   *
   * @param example a question
   * @param guides weights by name
   */
  record Settings(
      String title,
      String example,
      Map<String, Double> guides,
      int beamWidth,
      int successors,
      int chunkLength,
      boolean guard,
      String wanted,
      String opposite) {}

  /** What has gone wrong, in words for who sits in front of the page. */
  record Problem(String message) {}

  @GetMapping("/api/settings")
  Settings settings() {
    return settings;
  }

  /** What fails before the first event fails the request; what fails behind it is an event. */
  @PostMapping(path = "/api/answers", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<ServerSentEvent<Event>> answer(@RequestBody AnswerRequest asked) {
    return answers
        .answer(asked)
        .switchOnFirst(
            (first, events) ->
                first.isOnError()
                    ? events
                    : events.onErrorResume(failure -> Flux.just(new Event.Failed(told(failure)))))
        .map(event -> ServerSentEvent.<Event>builder(event).event(event.name()).build());
  }

  @DeleteMapping("/api/conversations/{id}")
  ResponseEntity<Void> forget(@PathVariable("id") String id) {
    conversations.forget(id + "/guided");
    conversations.forget(id + "/alone");
    return ResponseEntity.noContent().build();
  }

  @ExceptionHandler
  ResponseEntity<Problem> busy(BusyException failure) {
    return problem(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(failure.getMessage()));
  }

  @ExceptionHandler
  ResponseEntity<Problem> wrong(IllegalArgumentException failure) {
    return problem(HttpStatus.BAD_REQUEST, String.valueOf(failure.getMessage()));
  }

  /** Of a record's own check, what it says; of anything else, that it could not be read. */
  @ExceptionHandler
  ResponseEntity<Problem> unreadable(ServerWebInputException failure) {
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
    String said =
        cause instanceof IllegalArgumentException && !(cause instanceof DecodingException)
            ? String.valueOf(cause.getMessage())
            : "The request is not what the page sends.";
    return problem(HttpStatus.BAD_REQUEST, said);
  }

  private static ResponseEntity<Problem> problem(HttpStatus status, String message) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .body(new Problem(message));
  }

  private static String told(Throwable failure) {
    LOG.warn("an answer failed", failure);
    return String.valueOf(failure.getMessage());
  }
}
