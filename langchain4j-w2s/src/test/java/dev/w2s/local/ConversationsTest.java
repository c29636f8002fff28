// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.w2s.prompt.Turn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConversationsTest {

  @Test
  void everyKindOfMessageHasItsTurn() {
    AiMessage calling =
        AiMessage.builder()
            .thinking("a tool")
            .toolExecutionRequests(
                List.of(
                    ToolExecutionRequest.builder()
                        .id("1")
                        .name("rate")
                        .arguments("{\"movie\": \"Heat\", \"stars\": 5}")
                        .build(),
                    ToolExecutionRequest.builder().name("odd").arguments("not JSON").build()))
            .build();
    assertThat(
            Conversations.of(
                    List.of(
                        SystemMessage.from("Be kind."),
                        UserMessage.from("Ann", "Hello"),
                        calling,
                        ToolExecutionResultMessage.from("1", "rate", "good"),
                        AiMessage.from("Fine.")))
                .turns())
        .containsExactly(
            new Turn("system", "Be kind."),
            new Turn("user", "Hello", Map.of("name", "Ann")),
            new Turn(
                "assistant",
                "",
                Map.of(
                    "reasoning_content",
                    "a tool",
                    "tool_calls",
                    List.of(
                        Map.of(
                            "id",
                            "1",
                            "type",
                            "function",
                            "function",
                            Map.of(
                                "name", "rate", "arguments", Map.of("movie", "Heat", "stars", 5))),
                        Map.of(
                            "type",
                            "function",
                            "function",
                            Map.of("name", "odd", "arguments", "not JSON"))))),
            new Turn("tool", "good", Map.of("name", "rate", "tool_call_id", "1")),
            new Turn("assistant", "Fine."));
  }

  @Test
  void whatIsNoTextIsLeftOutOrRefused() {
    UserMessage mixed =
        UserMessage.from(
            TextContent.from("Look:"),
            ImageContent.from("https://example.org/a.png"),
            TextContent.from("nice?"));
    assertThat(Conversations.ofTexts(List.of(mixed)).turns())
        .containsExactly(new Turn("user", "Look:\nnice?"));
    assertThatThrownBy(() -> Conversations.of(List.of(mixed)))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("image");
    assertThatThrownBy(() -> Conversations.ofTexts(List.of(CustomMessage.from(Map.of("a", 1)))))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("CUSTOM");
    assertThatThrownBy(() -> Conversations.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one turn");
  }

  @Test
  void aPictureThatToolsGaveIsLeftOutOrRefused() {
    ToolExecutionResultMessage photo =
        ToolExecutionResultMessage.builder()
            .id("1")
            .toolName("photo")
            .contents(
                List.of(TextContent.from("a cat"), ImageContent.from("https://example.org/a.png")))
            .build();
    List<ChatMessage> messages = List.of(UserMessage.from("Look!"), photo);
    assertThat(Conversations.ofTexts(messages).turns().get(1))
        .isEqualTo(new Turn("tool", "a cat", Map.of("name", "photo", "tool_call_id", "1")));
    assertThatThrownBy(() -> Conversations.of(messages))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContainingAll("'photo'", "non-text content");
  }

  /** What a message does not have is no field; arguments that are missing or null are none. */
  @Test
  void whatIsMissingIsLeftOut() {
    List<ToolExecutionRequest> calls =
        List.of(
            ToolExecutionRequest.builder().name("look").build(),
            ToolExecutionRequest.builder().name("look").arguments("null").build());
    List<ChatMessage> messages =
        List.of(
            UserMessage.from("Hello"),
            AiMessage.from(calls),
            ToolExecutionResultMessage.builder().text("good").build());
    Map<String, Object> call =
        Map.of("type", "function", "function", Map.of("name", "look", "arguments", Map.of()));
    assertThat(Conversations.of(messages).turns())
        .containsExactly(
            new Turn("user", "Hello"),
            new Turn("assistant", "", Map.of("tool_calls", List.of(call, call))),
            new Turn("tool", "good"));
  }
}
