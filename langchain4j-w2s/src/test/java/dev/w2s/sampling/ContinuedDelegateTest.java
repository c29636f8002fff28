// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.WeakToStrongChatResponse;
import dev.w2s.WeakToStrongStreamingChatModel;
import dev.w2s.guidance.Guide;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.testkit.ChatServer;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.ChatWorld.Temperament;
import dev.w2s.testkit.ScriptedChatModel;
import dev.w2s.testkit.StreamedChat;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** LangChain4j's own OpenAI model as delegate, and the server itself as large model. */
class ContinuedDelegateTest {
  private static final String ANSWER =
      "It was a good movie: the cast, the music and the end were all that one can wish for.";

  private static WeakToStrongChatModel.Builder builder() {
    return WeakToStrongChatModel.builder()
        .guide("length", Guide.of((prompt, text) -> text.length()), 1)
        .maxTokens(200);
  }

  private static ChatModel delegate(ChatServer server) {
    return OpenAiChatModel.builder()
        .baseUrl(server.url())
        .modelName("base")
        .apiKey("none")
        .maxRetries(0)
        .build();
  }

  private static WeakToStrongChatResponse ask(ChatModel model, ChatRequest request) {
    return (WeakToStrongChatResponse) model.chat(request);
  }

  private static ChatRequest question() {
    return ChatRequest.builder().messages(UserMessage.from("How was it?")).build();
  }

  private static ChatServer server(Temperament... ways) throws IOException {
    return new ChatServer(new ChatWorld(ANSWER, new Random(2), ways));
  }

  @ParameterizedTest
  @EnumSource(
      value = Temperament.class,
      names = {"CONTINUES", "REPEATS", "TRIMS"})
  void aDelegateThatContinuesGrowsItsAnswer(Temperament way) throws IOException {
    try (ChatServer server = server(Temperament.CONTINUES, way)) {
      ChatModel model =
          builder().delegate(delegate(server)).continuation(Continuation.AUTO).build();
      WeakToStrongChatResponse response = ask(model, question());
      assertThat(response.aiMessage().text()).isEqualTo(ANSWER);
      assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(response.result().rounds()).isGreaterThan(3);
    }
  }

  @Test
  void aDelegateThatBeginsAnewAnswersInWholeResponses() throws IOException {
    try (ChatServer server = server(Temperament.REFUSES_FIELDS)) {
      ChatModel model =
          builder().delegate(delegate(server)).continuation(Continuation.PREFILL).build();
      WeakToStrongChatResponse response = ask(model, question());
      assertThat(response.aiMessage().text()).isEqualTo(ANSWER);
      assertThat(response.result().rounds()).isOne();
      // Once that is known, responses are the model's own, with all that it says of them.
      assertThat(ask(model, question()).metadata()).isInstanceOf(OpenAiChatResponseMetadata.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Temperament.class,
      names = {"OBEYS", "OVERLAPS"})
  void anInstructionLeavesNoSeam(Temperament way) throws IOException {
    try (ChatServer server = server(way)) {
      ChatModel model =
          builder().delegate(delegate(server)).continuation(Continuation.INSTRUCTION).build();
      assertThat(ask(model, question()).aiMessage().text()).isEqualTo(ANSWER);
    }
  }

  @Test
  void whereToolsAreOfferedAnswersAreWhole() throws IOException {
    try (ChatServer server = server(Temperament.CONTINUES)) {
      ChatModel model =
          builder().delegate(delegate(server)).continuation(Continuation.PREFILL).build();
      ChatRequest request =
          ChatRequest.builder()
              .messages(UserMessage.from("How was it?"))
              .toolSpecifications(ToolSpecification.builder().name("look").build())
              .build();
      assertThat(ask(model, request).result().rounds()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Temperament.class,
      names = {"CONTINUES", "TOKENIZES", "APPLIES_TEMPLATE", "CONTINUES_FINAL"})
  void aServerIsALargeModel(Temperament way) throws IOException {
    try (ChatServer server = server(way)) {
      OpenAiCompatible large =
          OpenAiCompatible.builder().baseUrl(server.url()).modelName("base").build();
      ChatModel model = builder().largeModel(large).build();
      WeakToStrongChatResponse response = ask(model, question());
      assertThat(response.aiMessage().text()).isEqualTo(ANSWER);
      assertThat(response.metadata().modelName()).isEqualTo("base");
      assertThat(response.result().rounds()).isGreaterThan(3);
    }
  }

  @Test
  void aServerStreamsWhatIsSettled() throws IOException, InterruptedException {
    try (ChatServer server = server(Temperament.TOKENIZES)) {
      OpenAiCompatible large =
          OpenAiCompatible.builder().baseUrl(server.url()).modelName("base").build();
      StreamedChat streamed = new StreamedChat();
      WeakToStrongStreamingChatModel.builder()
          .largeModel(large)
          .guide("length", Guide.of((prompt, text) -> text.length()), 1)
          .maxTokens(200)
          .build()
          .chat(question(), streamed);
      assertThat(streamed.await().aiMessage().text()).isEqualTo(ANSWER);
      assertThat(streamed.pieces()).hasSizeGreaterThan(2);
    }
  }

  @Test
  void withoutGuidanceTheServerAnswersItself() throws IOException {
    try (ChatServer server = server(Temperament.CONTINUES)) {
      OpenAiCompatible large =
          OpenAiCompatible.builder().baseUrl(server.url()).modelName("base").build();
      ChatResponse response = large.delegate().chat(question(), null);
      assertThat(response.aiMessage().text()).isEqualTo(ANSWER);
      assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void whatADelegateCannotBeAskedIsRefused() throws IOException {
    try (ChatServer server = server()) {
      WeakToStrongChatModel.Builder builder =
          builder().delegate(delegate(server)).continuation(Continuation.PREFIX);
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("continuation is PREFIX; a delegate of type ");
    }
  }

  /** As vLLM says it to the JDK's client over plain http. */
  @Test
  void aLostBodyIsExplained() {
    ChatModel model =
        new ScriptedChatModel(
            call -> {
              throw new InvalidRequestException(
                  "{'type': 'missing', 'loc': 'body', 'msg': 'Field required', 'input': 'None'}");
            });
    assertThatThrownBy(() -> builder().delegate(model).build().chat(question()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'Field required'")
        .hasMessageEndingWith("give the model an HTTP client of version HTTP/1.1");
  }
}
