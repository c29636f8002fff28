// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.ChatRequestValidationUtils;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** LangChain4j's messages as a conversation, with the fields that chat templates know. */
public final class Conversations {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Conversations() {}

  /**
   * All messages.
   *
   * @throws IllegalArgumentException if there is none
   * @throws UnsupportedFeatureException if one has content that is no text, or is of a kind that
   *     chat templates do not know
   */
  public static Prompt.Conversation of(List<ChatMessage> messages) {
    ChatRequestValidationUtils.validateMessages(messages);
    for (ChatMessage message : messages) {
      if (message instanceof ToolExecutionResultMessage result) {
        requireTexts(result);
      }
    }
    return ofTexts(messages);
  }

  /**
   * The text of all messages; images, audio and other content are left out.
   *
   * @throws IllegalArgumentException if there is no message
   * @throws UnsupportedFeatureException if one is of a kind that chat templates do not know
   */
  public static Prompt.Conversation ofTexts(List<ChatMessage> messages) {
    return new Prompt.Conversation(messages.stream().map(Conversations::turn).toList());
  }

  private static void requireTexts(ToolExecutionResultMessage result) {
    if (!result.contents().stream().allMatch(TextContent.class::isInstance)) {
      throw new UnsupportedFeatureException(
          "messages hold a result of tool '%s' with non-text content; a local model reads text"
              .formatted(result.toolName()));
    }
  }

  private static Turn turn(ChatMessage message) {
    if (message instanceof SystemMessage system) {
      return new Turn("system", system.text());
    }
    if (message instanceof UserMessage user) {
      return new Turn("user", text(user.contents()), named(user.name()));
    }
    if (message instanceof AiMessage answer) {
      return assistant(answer);
    }
    if (message instanceof ToolExecutionResultMessage result) {
      Map<String, Object> fields = new HashMap<>(named(result.toolName()));
      if (result.id() != null) {
        fields.put("tool_call_id", result.id());
      }
      return new Turn("tool", text(result.contents()), fields);
    }
    throw new UnsupportedFeatureException(
        "messages hold one of type %s; a chat template knows none of that kind"
            .formatted(message.type()));
  }

  private static String text(List<Content> contents) {
    return contents.stream()
        .filter(TextContent.class::isInstance)
        .map(content -> ((TextContent) content).text())
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, Object> named(String name) {
    return name == null ? Map.of() : Map.of("name", name);
  }

  private static Turn assistant(AiMessage message) {
    Map<String, Object> fields = new HashMap<>();
    if (message.hasToolExecutionRequests()) {
      fields.put(
          "tool_calls",
          message.toolExecutionRequests().stream().map(Conversations::toolCall).toList());
    }
    if (message.thinking() != null) {
      fields.put("reasoning_content", message.thinking());
    }
    return new Turn("assistant", Objects.requireNonNullElse(message.text(), ""), fields);
  }

  private static Map<String, Object> toolCall(ToolExecutionRequest request) {
    Map<String, Object> call = new LinkedHashMap<>();
    if (request.id() != null) {
      call.put("id", request.id());
    }
    call.put("type", "function");
    call.put(
        "function", Map.of("name", request.name(), "arguments", arguments(request.arguments())));
    return call;
  }

  /** Templates write arguments as JSON of their own, so they take an object where it is one. */
  private static Object arguments(String text) {
    if (text == null) {
      return Map.of();
    }
    try {
      Map<String, Object> object = JSON.readValue(text, OBJECT);
      return object == null ? Map.of() : object;
    } catch (JsonProcessingException e) {
      return text;
    }
  }
}
