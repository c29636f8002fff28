// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request for a chat completion that consists of text alone. */
public record ChatBody(
    List<ChatMessage> messages,
    Sampling sampling,
    int choices,
    Streaming streaming,
    Wishes wishes) {
  private static final Set<String> NEUTRAL_FORMATS = Set.of("{\"type\":\"text\"}");

  /**
   * What only a model that is asked as it is can answer: tools, formats, and content that is no
   * text.
   */
  static boolean isPlain(Fields request) {
    JsonNode tools = request.value("tools");
    JsonNode functions = request.value("functions");
    JsonNode format = request.value("response_format");
    return (tools == null || tools.isEmpty())
        && (functions == null || functions.isEmpty())
        && (format == null || NEUTRAL_FORMATS.contains(format.toString()))
        && isText(request.value("messages"));
  }

  private static boolean isText(@Nullable JsonNode messages) {
    if (messages == null) {
      return true;
    }
    for (JsonNode message : messages) {
      if (message.path("role").asText().matches("tool|function") || message.has("tool_calls")) {
        return false;
      }
      JsonNode content = message.path("content");
      for (JsonNode part : content.isArray() ? content : List.<JsonNode>of()) {
        if (!part.path("type").asText().equals("text")) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Reads a request that is plain.
   *
   * @param mostTokens of an answer
   */
  static ChatBody of(Fields request, int mostTokens, int mostChoices) {
    List<ChatMessage> messages = messages(request);
    Integer newer = request.integer("max_completion_tokens", 1, mostTokens);
    Integer older = request.integer("max_tokens", 1, mostTokens);
    Sampling sampling = Sampling.of(request, newer != null ? newer : older);
    Integer choices = request.integer("n", 1, mostChoices);
    request.ignore("tools", "functions", "response_format", "parallel_tool_calls", "tool_choice");
    request.refuse("logprobs", "false");
    request.refuse("top_logprobs", "0");
    request.refuse("modalities", "[\"text\"]");
    ChatBody body =
        new ChatBody(
            messages,
            sampling,
            choices == null ? 1 : choices,
            Streaming.of(request),
            Wishes.of(request));
    request.refuseOthers();
    return body;
  }

  private static List<ChatMessage> messages(Fields request) {
    JsonNode messages = request.value("messages");
    if (messages == null || !messages.isArray() || messages.isEmpty()) {
      throw request.wrong("messages", "it must be a list of at least one message");
    }
    List<ChatMessage> all = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      all.add(message(Fields.of(messages.get(i), "messages[" + i + "]")));
    }
    return all;
  }

  private static ChatMessage message(Fields message) {
    String role = message.requiredText("role");
    String text = content(message);
    message.ignore("name", "refusal", "annotations", "audio", "reasoning_content");
    message.refuseOthers();
    return switch (role) {
      case "system", "developer" -> SystemMessage.from(text);
      case "user" -> UserMessage.from(text);
      case "assistant" -> AiMessage.from(text);
      default ->
          throw message.wrong(
              "role", "'%s' is none of system, developer, user, assistant".formatted(role));
    };
  }

  private static String content(Fields message) {
    JsonNode content = message.value("content");
    StringBuilder text = new StringBuilder();
    if (content != null && content.isTextual()) {
      text.append(content.textValue());
    } else if (content != null && content.isArray()) {
      for (JsonNode part : content) {
        text.append(part.path("text").asText());
      }
    }
    if (text.toString().isBlank()) {
      throw message.wrong("content", "it must be a text that is not blank");
    }
    return text.toString();
  }
}
