// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.gateway.answers.Chats;
import dev.w2s.gateway.answers.Texts;
import dev.w2s.gateway.models.Plan;
import dev.w2s.gateway.models.Planner;
import dev.w2s.gateway.models.ServedModel;
import dev.w2s.gateway.models.ServedModels;
import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.openai.ChatBody;
import dev.w2s.gateway.openai.CompletionBody;
import dev.w2s.gateway.openai.Request;
import dev.w2s.gateway.settings.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** What is asked under {@code /v1}. */
final class Routes {
  private static final String CHAT = "/chat/completions";
  private static final String TEXT = "/completions";

  private final ServedModels models;
  private final Planner planner;
  private final Chats chats;
  private final Texts texts;
  private final Responses responses;
  private final Limits limits;
  private final @Nullable Passage passage;

  /**
   * @param passage to the upstream; null where there is none
   */
  Routes(
      ServedModels models,
      Planner planner,
      Chats chats,
      Texts texts,
      Responses responses,
      Limits limits,
      @Nullable Passage passage) {
    this.models = models;
    this.planner = planner;
    this.chats = chats;
    this.texts = texts;
    this.responses = responses;
    this.limits = limits;
    this.passage = passage;
  }

  RouterFunction<ServerResponse> all() {
    return RouterFunctions.route()
        .POST("/v1" + CHAT, request -> body(request).flatMap(this::chat))
        .POST("/v1" + TEXT, request -> body(request).flatMap(this::complete))
        .GET("/v1/models", request -> Responses.json(list()))
        // Some names have a slash in them.
        .GET(
            "/v1/models/{*name}",
            request -> Responses.json(model(request.pathVariable("name").substring(1))))
        .build();
  }

  private Mono<Request> body(ServerRequest request) {
    return request
        .bodyToMono(byte[].class)
        .timeout(limits.bodyTime(), Mono.error(() -> late(limits.bodyTime())))
        .defaultIfEmpty(new byte[0])
        .map(Request::of);
  }

  private static ApiException late(Duration most) {
    return ApiException.http(
        408, "The body of your request did not come within %d ms.".formatted(most.toMillis()));
  }

  private Mono<ServerResponse> chat(Request request) {
    ServedModel model = models.get(request.model());
    if (passage != null && (!isGuided(model, request) || !request.isPlainChat())) {
      return passed(passage, request, CHAT);
    }
    if (!request.isPlainChat()) {
      throw ApiException.invalid(
          "messages",
          "This model answers text with text: tools, response formats, images and the like are not supported.");
    }
    ChatBody body = request.chat(limits.tokens(), limits.choices());
    Integer asked = body.sampling().maxTokens();
    Plan plan = planner.plan(model, body.wishes(), asked == null ? limits.tokens() : asked);
    return responses.of(
        new Wire.Chat(model.name()),
        body.choices(),
        choice -> chats.answer(body.messages(), plan, body.sampling().choice(choice)),
        body.streaming(),
        "/v1" + CHAT);
  }

  private Mono<ServerResponse> complete(Request request) {
    ServedModel model = models.get(request.model());
    if (passage != null && !isGuided(model, request)) {
      return passed(passage, request, TEXT);
    }
    CompletionBody body = request.completion(limits.tokens(), limits.choices());
    Plan plan = planner.plan(model, body.wishes(), Math.max(1, body.maxTokens()));
    return responses.of(
        new Wire.Text(model.name()),
        body.prompts().size() * body.choices(),
        choice ->
            texts.answer(
                body.prompts().get(choice / body.choices()),
                plan,
                body.sampling().choice(choice),
                body),
        body.streaming(),
        "/v1" + TEXT);
  }

  /** A request may bring weights where its model has none. */
  private static boolean isGuided(ServedModel model, Request request) {
    return model.isGuided() || request.hasWishes();
  }

  private static Mono<ServerResponse> passed(Passage passage, Request request, String path) {
    return passage.pass(path, request.renamed(passage.model()));
  }

  private ObjectNode list() {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    models.all().forEach(model -> data.add(json(model)));
    return list;
  }

  private ObjectNode model(String name) {
    return json(models.get(name));
  }

  private static ObjectNode json(ServedModel model) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", model.name())
            .put("object", "model")
            .put("created", 0)
            .put("owned_by", "w2s");
    ObjectNode guides = json.putObject("w2s").putObject("weights");
    model.weights().forEach(guides::put);
    return json;
  }
}
