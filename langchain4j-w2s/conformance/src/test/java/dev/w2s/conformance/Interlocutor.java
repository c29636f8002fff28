// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.internal.ChatRequestValidationUtils;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Answers what LangChain4j's suites ask, offline and by rule, as a well-behaved model does. */
final class Interlocutor implements ChatModel {
  static final String NAME = "interlocutor";

  private final ChatRequestParameters defaults;
  private final AtomicInteger calls = new AtomicInteger();

  Interlocutor() {
    this(DefaultChatRequestParameters.EMPTY);
  }

  Interlocutor(ChatRequestParameters parameters) {
    defaults =
        DefaultChatRequestParameters.builder().modelName(NAME).build().overrideWith(parameters);
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return defaults;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    ChatRequestValidationUtils.validateMessages(request.messages());
    AiMessage message = message(request);
    boolean cut = false;
    if (message.text() != null && !message.hasToolExecutionRequests()) {
      String text = message.text();
      for (String stop : request.stopSequences()) {
        int at = text.indexOf(stop);
        text = at < 0 ? text : text.substring(0, at);
      }
      String[] words = text.split("(?<=\\s)");
      cut = request.maxOutputTokens() != null && words.length > request.maxOutputTokens();
      if (cut) {
        text =
            String.join("", List.of(words).subList(0, request.maxOutputTokens())).stripTrailing();
      }
      message = AiMessage.from(text);
    }
    int tokens = message.text() == null ? 5 : message.text().split("\\s+").length;
    return ChatResponse.builder()
        .aiMessage(message)
        .id("response-" + calls.incrementAndGet())
        .modelName(request.modelName())
        .tokenUsage(new TokenUsage(10, tokens))
        .finishReason(reason(message, cut))
        .build();
  }

  private static FinishReason reason(AiMessage message, boolean cut) {
    if (message.hasToolExecutionRequests()) {
      return FinishReason.TOOL_EXECUTION;
    }
    return cut ? FinishReason.LENGTH : FinishReason.STOP;
  }

  private static AiMessage message(ChatRequest request) {
    List<ChatMessage> messages = request.messages();
    ChatMessage last = messages.get(messages.size() - 1);
    if (last instanceof ToolExecutionResultMessage) {
      return AiMessage.from("The tools say: " + results(messages));
    }
    String question =
        ((UserMessage) last)
            .contents().stream().map(Interlocutor::text).collect(Collectors.joining(" "));
    List<ToolExecutionRequest> wanted = toolCalls(request, question);
    if (!wanted.isEmpty()) {
      return AiMessage.from(wanted);
    }
    boolean json =
        request.responseFormat() != null
            && request.responseFormat().type() == ResponseFormatType.JSON;
    return AiMessage.from(json ? "{\"city\": \"Berlin\"}" : words(messages, question));
  }

  private static String text(Content content) {
    return ((TextContent) content).text();
  }

  private static String results(List<ChatMessage> messages) {
    return messages.stream()
        .filter(ToolExecutionResultMessage.class::isInstance)
        .map(message -> ((ToolExecutionResultMessage) message).text())
        .collect(Collectors.joining(", "));
  }

  private static List<ToolExecutionRequest> toolCalls(ChatRequest request, String question) {
    AtomicInteger number = new AtomicInteger();
    return request.toolSpecifications().stream()
        .filter(tool -> asksFor(tool, question) || request.toolChoice() == ToolChoice.REQUIRED)
        .limit(request.toolChoice() == ToolChoice.REQUIRED ? 1 : Integer.MAX_VALUE)
        .map(
            tool ->
                ToolExecutionRequest.builder()
                    .id("call-" + number.incrementAndGet())
                    .name(tool.name())
                    .arguments(arguments(tool))
                    .build())
        .toList();
  }

  private static boolean asksFor(ToolSpecification tool, String question) {
    String name = tool.name().toLowerCase(java.util.Locale.ROOT);
    return (name.contains("weather") && question.contains("weather"))
        || (name.contains("time") && question.contains("time"));
  }

  private static String arguments(ToolSpecification tool) {
    if (tool.parameters() == null) {
      return "{}";
    }
    return tool.parameters().properties().keySet().stream()
        .map(key -> "\"%s\":\"%s\"".formatted(key, key.equals("country") ? "France" : "Munich"))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String words(List<ChatMessage> messages, String question) {
    boolean german =
        messages.stream()
            .anyMatch(m -> m instanceof SystemMessage system && system.text().contains("German"));
    if (german || question.contains("I love you")) {
      return "Ich liebe dich";
    }
    if (question.contains("Hello World")) {
      return "Hello World";
    }
    if (question.contains("favorite color")) {
      return "Your favorite color is blue: " + Objects.toString(messages.get(0));
    }
    if (question.contains("story")) {
      return "Once upon a time there was a film that went on and on and on. ".repeat(10);
    }
    return "The capital of Germany is Berlin, a large city with many cinemas.";
  }
}
