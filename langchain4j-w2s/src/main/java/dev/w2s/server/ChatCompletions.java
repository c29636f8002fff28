// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The chat endpoint of a server: {@code POST /chat/completions} as OpenAI has it. */
public final class ChatCompletions {
  private static final String LIMIT = "max_tokens";

  /** What OpenAI's newer models want in its place. */
  private static final String NEWER_LIMIT = "max_completion_tokens";

  private final JsonServer server;
  private final String model;
  private final AtomicBoolean newer;

  /**
   * @param model as the server calls it
   */
  public ChatCompletions(JsonServer server, String model) {
    this(server, model, new AtomicBoolean());
  }

  private ChatCompletions(JsonServer server, String model, AtomicBoolean newer) {
    this.server = server;
    this.model = model;
    this.newer = newer;
  }

  /** This endpoint, asked for what is of use until then. */
  public ChatCompletions until(Deadline then) {
    return new ChatCompletions(server.until(then), model, newer);
  }

  /**
   * What one request asks for.
   *
   * @param messages the conversation, as the endpoint takes it
   * @param n choices, at least 1
   * @param maxTokens most tokens of each choice, at least 1; null for the server's own limit
   * @param options how to draw
   * @param seed of the request; null for none
   * @param more fields that only some servers know
   */
  public record Request(
      ArrayNode messages,
      int n,
      @Nullable Integer maxTokens,
      DrawOptions options,
      @Nullable Long seed,
      ObjectNode more) {}

  /**
   * Asks for answers.
   *
   * @return the choices of the one conversation, fewer than asked for where the server gave fewer
   * @throws ServerException if the server refuses, cannot be reached, or answers with what is no
   *     answer to the request
   */
  public Answer complete(Request request) {
    JsonNode answer = ask(request);
    JsonNode list = answer.path("choices");
    if (!list.isArray() || list.isEmpty() || list.size() > request.n()) {
      throw new ServerException(
          "%s gave an answer of %s choices with n = %d"
              .formatted(
                  server.address().below("/chat/completions"),
                  list.isArray() ? list.size() : "no",
                  request.n()),
          ServerException.NO_ANSWER);
    }
    List<Choice> choices = new ArrayList<>();
    boolean fewer = Completions.fewer(answer, request.maxTokens());
    list.forEach(choice -> choices.add(choice(choice, fewer)));
    return new Answer(List.of(choices), Completions.usage(answer.path("usage")));
  }

  private JsonNode ask(Request request) {
    URI uri = server.address().below("/chat/completions");
    try {
      return server.post(uri, body(request));
    } catch (ServerException e) {
      boolean wanted = e.status() == 400 && String.valueOf(e.getMessage()).contains(NEWER_LIMIT);
      if (!wanted || newer.get()) {
        throw e;
      }
      newer.set(true);
      return server.post(uri, body(request));
    }
  }

  private ObjectNode body(Request request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", model);
    body.set("messages", request.messages());
    if (request.n() > 1) {
      body.put("n", request.n());
    }
    if (request.maxTokens() != null) {
      body.put(newer.get() ? NEWER_LIMIT : LIMIT, request.maxTokens());
    }
    if (request.seed() != null) {
      body.put("seed", request.seed());
    }
    request.options().writeToChat(body);
    body.setAll(request.more());
    return body;
  }

  /** A message without content has none: a call of tools, or nothing but thinking. */
  private static Choice choice(JsonNode choice, boolean fewer) {
    String text = choice.path("message").path("content").asText("");
    JsonNode logs = choice.path("logprobs").path("content");
    double nats = logs.isArray() ? 0 : Double.NaN;
    for (JsonNode token : logs) {
      nats += token.path("logprob").isNumber() ? token.get("logprob").doubleValue() : Double.NaN;
    }
    return new Choice(
        text,
        Input.of(text),
        Completions.finish(choice.path("finish_reason").asText(""), text, fewer),
        logs.size(),
        nats);
  }
}
