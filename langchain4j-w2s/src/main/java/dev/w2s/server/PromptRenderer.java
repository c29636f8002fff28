// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a server render conversations as its model reads them: to tokens (vLLM's {@code POST
 * /tokenize}, with {@code /detokenize} for the text), or to text (llama.cpp's {@code POST
 * /apply-template}). Both stand beside the base URL, not below it.
 */
public final class PromptRenderer {
  private final JsonServer server;
  private final String model;

  /**
   * @param model as the server calls it
   */
  public PromptRenderer(JsonServer server, String model) {
    this.server = server;
    this.model = model;
  }

  /** What servers say to what they do not have; 200 with what is no JSON, a page for instance. */
  private static final Set<Integer> ABSENT = Set.of(200, 400, 403, 404, 405, 415, 422, 501);

  /** How a server renders. */
  public enum Way {
    /** To tokens and their text. */
    TOKENS,
    /** To text. */
    TEXT
  }

  /**
   * Renders a conversation.
   *
   * @param messages as the chat endpoint takes them; where the last is the assistant's, it is left
   *     open
   * @return empty where the server has no such endpoint, or it answers something else
   * @throws ServerException if the server refuses this conversation, or cannot be reached
   */
  public Optional<Input> render(Way way, ArrayNode messages) {
    try {
      return way == Way.TOKENS ? toTokens(messages) : toText(messages);
    } catch (ServerException e) {
      if (ABSENT.contains(e.status())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<Input> toTokens(ArrayNode messages) {
    boolean open = isOpen(messages);
    ObjectNode body = body();
    body.set("messages", messages);
    body.put("add_generation_prompt", !open);
    if (open) {
      body.put("continue_final_message", true);
    }
    JsonNode ids = server.post(server.address().beside("/tokenize"), body).path("tokens");
    if (!ids.isArray() || ids.isEmpty() || !ids.get(0).isInt()) {
      return Optional.empty();
    }
    List<Integer> tokens = new ArrayList<>();
    ids.forEach(id -> tokens.add(id.intValue()));
    ObjectNode back = body();
    back.set("tokens", ids);
    JsonNode text = server.post(server.address().beside("/detokenize"), back).path("prompt");
    return text.isTextual()
        ? Optional.of(new Input(text.textValue(), tokens, /* rendered= */ true))
        : Optional.empty();
  }

  private Optional<Input> toText(ArrayNode messages) {
    ObjectNode body = body();
    body.set("messages", messages);
    JsonNode text = server.post(server.address().beside("/apply-template"), body).path("prompt");
    return text.isTextual() && !text.textValue().isEmpty()
        ? Optional.of(new Input(text.textValue(), null, /* rendered= */ true))
        : Optional.empty();
  }

  private ObjectNode body() {
    return JsonNodeFactory.instance.objectNode().put("model", model);
  }

  private static boolean isOpen(ArrayNode messages) {
    return messages.path(messages.size() - 1).path("role").asText().equals("assistant");
  }
}
