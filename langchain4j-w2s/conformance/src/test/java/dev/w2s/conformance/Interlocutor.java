// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Answers what LangChain4j's suites ask, offline and by the book, as a well-behaved model does. */
final class Interlocutor implements ChatModel {
  static final String NAME = "interlocutor";

  private static final AnswerBook BOOK = AnswerBook.load();

  private final ChatRequestParameters defaults;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<ChatRequest> lastRequest = new AtomicReference<>();

  Interlocutor() {
    this(DefaultChatRequestParameters.EMPTY);
  }

  Interlocutor(ChatRequestParameters parameters) {
    defaults =
        DefaultChatRequestParameters.builder().modelName(NAME).build().overrideWith(parameters);
  }

  int calls() {
    return calls.get();
  }

  ChatRequest lastRequest() {
    return lastRequest.get();
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
    lastRequest.set(request);
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
    UserMessage asked = question(messages);
    String question = texts(asked.contents());
    List<ToolExecutionResultMessage> results = results(messages, asked);
    List<ToolExecutionRequest> calls = toolCalls(request, question, results.size());
    if (!calls.isEmpty()) {
      return AiMessage.from(calls);
    }
    ResponseFormat format = request.responseFormat();
    if (format != null && format.type() == ResponseFormatType.JSON) {
      String schema = format.jsonSchema() == null ? null : format.jsonSchema().name();
      return AiMessage.from(BOOK.object(question, schema).orElseThrow());
    }
    if (!results.isEmpty()) {
      return AiMessage.from(
          results.stream()
              .map(result -> texts(result.contents()) + seen(result.contents()))
              .collect(Collectors.joining(", ", "The tools say: ", "")));
    }
    String seen = seen(asked.contents());
    return AiMessage.from(seen.isEmpty() ? BOOK.text(question) : "I see" + seen);
  }

  private static UserMessage question(List<ChatMessage> messages) {
    return messages.stream()
        .filter(UserMessage.class::isInstance)
        .map(UserMessage.class::cast)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static List<ToolExecutionResultMessage> results(
      List<ChatMessage> messages, UserMessage asked) {
    return messages.subList(messages.lastIndexOf(asked), messages.size()).stream()
        .filter(ToolExecutionResultMessage.class::isInstance)
        .map(ToolExecutionResultMessage.class::cast)
        .toList();
  }

  private static String texts(List<Content> contents) {
    return contents.stream()
        .filter(TextContent.class::isInstance)
        .map(content -> ((TextContent) content).text())
        .collect(Collectors.joining(" "));
  }

  private static String seen(List<Content> contents) {
    return contents.stream()
        .filter(ImageContent.class::isInstance)
        .map(content -> Pictures.whatIsOn(((ImageContent) content).image()))
        .map(" a %s"::formatted)
        .collect(Collectors.joining(" and"));
  }

  private static List<ToolExecutionRequest> toolCalls(
      ChatRequest request, String question, int results) {
    Set<String> offered =
        request.toolSpecifications().stream()
            .map(ToolSpecification::name)
            .collect(Collectors.toSet());
    AtomicInteger number = new AtomicInteger(results);
    return BOOK.calls(question, results).stream()
        .flatMap(call -> call.entrySet().stream())
        .filter(call -> offered.contains(call.getKey()))
        .map(
            call ->
                ToolExecutionRequest.builder()
                    .id("call-" + number.incrementAndGet())
                    .name(call.getKey())
                    .arguments(call.getValue().toString())
                    .build())
        .toList();
  }
}
