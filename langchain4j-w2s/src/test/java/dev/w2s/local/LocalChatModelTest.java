// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.KnownLogits;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.testkit.StreamedChat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalChatModelTest {
  private static final List<ChatMessage> TALK =
      List.of(
          SystemMessage.from("You like movies."),
          UserMessage.from("Hello"),
          AiMessage.from("Hi."),
          UserMessage.from("How was the movie?"));

  @TempDir private Path directory;

  private CausalModel sayingT1() {
    Path model = KnownLogits.writeWithPositions(directory, 12, 0, 9, 1);
    return CausalModel.load(model.toString(), Golden.CPU_FLOAT32);
  }

  private static ChatRequest request(ChatMessage... messages) {
    return ChatRequest.builder().messages(messages).build();
  }

  @Test
  void answersAQuestionAboutAMovieOffline() {
    try (CausalModel base = Golden.model("base")) {
      LocalChatModel chat =
          LocalChatModel.builder().model(base).temperature(0.7).maxTokens(30).seed(1L).build();
      ChatResponse response = chat.chat(TALK);
      assertThat(response.aiMessage().text()).isNotBlank().doesNotContain("User:");
      assertThat(response.tokenUsage().outputTokenCount()).isBetween(1, 30);
      assertThat(response.modelName()).isEqualTo("embedded:movie-reviews/base");
      assertThat(chat.chat(TALK)).isEqualTo(response);
    }
  }

  @Test
  void isShownTheWholeConversationThroughItsTemplate() {
    try (CausalModel base = Golden.model("base")) {
      assertThat(shown(LocalChatModel.builder().model(base), TALK))
          .isEqualTo(
              "<|endoftext|>You like movies.\nUser: Hello\nCritic:\nHi.<|endoftext|>"
                  + "User: How was the movie?\nCritic:\n");
      assertThat(
              shown(
                  LocalChatModel.builder().model(base),
                  List.of(UserMessage.from("And?"), AiMessage.from("It"))))
          .isEqualTo("<|endoftext|>User: And?\nCritic:\nIt");
      PromptOptions other =
          PromptOptions.defaults()
              .withChatTemplate("{{ greeting }} {{ messages[0].content }}:")
              .withVariables(Map.of("greeting", "Well,"))
              .withSuffix(" ");
      assertThat(
              shown(
                  LocalChatModel.builder().model(base).promptOptions(other),
                  List.of(UserMessage.from("and?"))))
          .isEqualTo("Well, and?: ");
    }
  }

  @Test
  void isShownTheConversationPlainlyWithoutATemplate() {
    try (CausalModel model = sayingT1()) {
      assertThat(shown(LocalChatModel.builder().model(model), TALK))
          .isEqualTo(
              "System: You like movies.\n\nUser: Hello\n\nAssistant: Hi.\n\n"
                  + "User: How was the movie?\n\nAssistant:");
      assertThat(LocalChatModel.builder().model(model).build().local().sampling().stop())
          .containsExactly("\n\nUser:", "\n\nSystem:");
    }
  }

  private static String shown(LocalChatModel.Builder builder, List<ChatMessage> talk) {
    ChatRequest request = ChatRequest.builder().messages(talk).build();
    return builder.build().local().resolve(request).prompt().text();
  }

  @Test
  void namesATemplateThatRaises() {
    try (CausalModel base = Golden.model("base")) {
      ChatModel chat = LocalChatModel.builder().model(base).build();
      assertThatThrownBy(
              () -> chat.chat(request(ToolExecutionResultMessage.from("1", "rate", "good"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("the chat template of", "no such role here: tool");
    }
  }

  @Test
  void theRequestsParametersCount() {
    try (CausalModel model = sayingT1()) {
      LocalChatModel chat =
          LocalChatModel.builder().model(model).temperature(0.0).maxTokens(2).build();
      assertThat(chat.chat(request(UserMessage.from("t0"))).aiMessage().text()).isEqualTo(" t1 t1");
      ChatResponse longer =
          chat.chat(
              ChatRequest.builder()
                  .messages(UserMessage.from("t0"))
                  .maxOutputTokens(5)
                  .frequencyPenalty(2.0)
                  .presencePenalty(1.0)
                  .build());
      // 0, 9, 1: t1 falls to 6, 4, 2, then to 0 and t2 comes first.
      assertThat(longer.aiMessage().text()).isEqualTo(" t1 t1 t1 t1 t2");
      assertThat(longer.finishReason()).isEqualTo(FinishReason.LENGTH);
      ChatResponse stopped =
          chat.chat(
              ChatRequest.builder()
                  .messages(UserMessage.from("t0"))
                  .stopSequences(List.of("t1"))
                  .build());
      assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(stopped.aiMessage().text()).isEqualTo(" ");
    }
  }

  @Test
  void refusesWhatItDoesNotHave() {
    try (CausalModel model = sayingT1()) {
      ChatModel chat = LocalChatModel.builder().model(model).build();
      ChatRequest.Builder base = ChatRequest.builder().messages(UserMessage.from("t0"));
      ToolSpecification tool = ToolSpecification.builder().name("x").build();
      assertThatThrownBy(() -> chat.chat(base.toolSpecifications(tool).build()))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("tools");
      ChatRequest.Builder json = ChatRequest.builder().messages(UserMessage.from("t0"));
      assertThatThrownBy(() -> chat.chat(json.responseFormat(ResponseFormat.JSON).build()))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("JSON");
      ChatRequest.Builder other = ChatRequest.builder().messages(UserMessage.from("t0"));
      assertThatThrownBy(() -> chat.chat(other.modelName("gpt").build()))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContainingAll("modelName 'gpt' is not supported", directory.toString());
      assertThatThrownBy(
              () ->
                  chat.chat(
                      ChatRequest.builder()
                          .messages(UserMessage.from("t0"))
                          .maxOutputTokens(0)
                          .build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maxTokens is 0; it must be at least 1");
      assertThatThrownBy(() -> LocalChatModel.builder().build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("model is missing; it must be given");
    }
  }

  @Test
  void streamsTheSameAnswerOnAnotherThread() throws InterruptedException {
    try (CausalModel base = Golden.model("base")) {
      ChatResponse whole =
          LocalChatModel.builder().model(base).maxTokens(25).seed(3L).build().chat(TALK);
      StreamedChat stream = new StreamedChat();
      LocalStreamingChatModel.builder()
          .model(base)
          .maxTokens(25)
          .seed(3L)
          .build()
          .chat(TALK, stream);
      assertThat(stream.await()).isEqualTo(whole);
      assertThat(stream.text()).isEqualTo(whole.aiMessage().text());
      assertThat(stream.pieces()).hasSizeGreaterThan(5).doesNotContain("");
      assertThat(stream.threads()).hasSize(1).doesNotContain(Thread.currentThread());
    }
  }

  @Test
  void cancellingEndsTheStreamWithoutAnotherCallback() throws InterruptedException {
    try (CausalModel model = sayingT1()) {
      CountDownLatch ended = new CountDownLatch(1);
      StreamedChat stream = new StreamedChat().cancelAfter(2);
      LocalStreamingChatModel.builder()
          .model(model)
          .temperature(0.0)
          .maxTokens(6)
          .executor(
              task ->
                  new Thread(
                          () -> {
                            task.run();
                            ended.countDown();
                          })
                      .start())
          .build()
          .chat("t0", stream);
      assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(stream.pieces()).containsExactly(" t1", " t1");
      assertThat(stream.callbacks()).isEqualTo(2);
    }
  }

  @Test
  void tellsWhatFails() throws InterruptedException {
    try (CausalModel model = sayingT1()) {
      StreamedChat stream = new StreamedChat();
      LocalStreamingChatModel.builder().model(model).build().chat("t0 ".repeat(9), stream);
      assertThat(stream.awaitError()).hasMessageContaining("positions");
      assertThat(stream.pieces()).isEmpty();
    }
  }
}
