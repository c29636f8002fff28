// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.w2s.WeakToStrongChatRequestParameters;
import dev.w2s.WeakToStrongChatResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What users of services rely on, beside the suites: memory, guardrails, streams, parameters. */
class GuidedServicesIT {
  private static final String CAPITAL = "What is the capital of Germany?";
  private static final String BERLIN =
      "The capital of Germany is Berlin, a large city with many cinemas.";

  private static final String WEATHER = "What is the weather in Munich? Use 'getWeather' tool";

  private final Interlocutor delegate = new Interlocutor();

  interface Assistant {
    Result<String> chat(String message);
  }

  interface Streaming {
    TokenStream chat(String message);
  }

  interface WithParameters {
    Result<String> chat(@UserMessage String message, ChatRequestParameters parameters);
  }

  static class Weather {
    @Tool
    String getWeather(String city) {
      return "sunny in " + city;
    }
  }

  /** Lets no answer about Berlin pass. */
  record NotBerlin(String instead) implements OutputGuardrail {
    @Override
    public OutputGuardrailResult validate(AiMessage answer) {
      return answer.text().contains("Berlin") ? reprompt("too dull", instead) : success();
    }
  }

  /** Lets everything pass. */
  record Anything() implements OutputGuardrail {
    @Override
    public OutputGuardrailResult validate(AiMessage answer) {
      return success();
    }
  }

  @Test
  void memoryHoldsTheConversationAndTheScoreSurvivesIt() {
    ChatMemory memory = MessageWindowChatMemory.withMaxMessages(10);
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(Guided.chat(delegate))
            .chatMemory(memory)
            .build();
    assistant.chat(CAPITAL);
    assistant.chat("Tell me a story");
    List<ChatMessage> kept =
        ChatMessageDeserializer.messagesFromJson(
            ChatMessageSerializer.messagesToJson(memory.messages()));
    assertThat(kept).hasSize(4).isEqualTo(memory.messages());
    assertThat(((AiMessage) kept.get(3)).attributes()).containsKey("w2s.score");
    assertThat(delegate.lastRequest().messages())
        .startsWith(kept.subList(0, 3).toArray(new ChatMessage[0]));
  }

  @Test
  void aGuardrailsSecondRequestIsGuidedAsTheFirst() {
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(Guided.chat(delegate))
            .outputGuardrails(new NotBerlin("Tell me a story"))
            .build();
    Result<String> result = assistant.chat(CAPITAL);
    assertThat(result.content()).startsWith("Once upon a time");
    assertThat(delegate.calls()).isEqualTo(2 * Guided.SUCCESSORS);
    assertThat(result.finalResponse()).isInstanceOf(WeakToStrongChatResponse.class);
  }

  /**
   * What LangChain4j leaves there: the refused answer. Whether that changes or not, guidance makes
   * no difference.
   */
  @Test
  void afterAGuardrailTheMemoryIsAsWithoutGuidance() {
    assertThat(memoryAfterAGuardrail(Guided.chat(delegate)))
        .isEqualTo(memoryAfterAGuardrail(delegate));
  }

  private static List<String> memoryAfterAGuardrail(ChatModel model) {
    ChatMemory memory = MessageWindowChatMemory.withMaxMessages(10);
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(model)
            .chatMemory(memory)
            .outputGuardrails(new NotBerlin("Tell me a story"))
            .build();
    assertThat(assistant.chat(CAPITAL).content()).startsWith("Once upon a time");
    return memory.messages().stream()
        .map(message -> message instanceof AiMessage answer ? answer.text() : message.toString())
        .toList();
  }

  @Test
  void behindAGuardrailStreamedTextArrivesOnceCompleteAndInOrder() throws Exception {
    Streaming assistant =
        AiServices.builder(Streaming.class)
            .streamingChatModel(Guided.streaming(delegate))
            .outputGuardrails(new Anything())
            .build();
    List<String> pieces = new CopyOnWriteArrayList<>();
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    assistant
        .chat(CAPITAL)
        .onPartialResponse(pieces::add)
        .onCompleteResponse(done::complete)
        .onError(done::completeExceptionally)
        .start();
    assertThat(done.get(30, SECONDS).aiMessage().text()).isEqualTo(BERLIN);
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(String.join("", pieces)).isEqualTo(BERLIN);
  }

  @Test
  void aStreamsSecondRequestIsGuidedAsTheFirst() throws Exception {
    Streaming assistant =
        AiServices.builder(Streaming.class)
            .streamingChatModel(Guided.streaming(delegate))
            .outputGuardrails(new NotBerlin("Tell me a story"))
            .build();
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    assistant
        .chat(CAPITAL)
        .onPartialResponse(piece -> {})
        .onCompleteResponse(done::complete)
        .onError(done::completeExceptionally)
        .start();
    assertThat(done.get(30, SECONDS).aiMessage().text()).startsWith("Once upon a time");
    assertThat(delegate.calls()).isEqualTo(2 * Guided.SUCCESSORS);
  }

  @Test
  void aTurnThatCalledToolsKeepsItsParameters() {
    WithParameters assistant =
        AiServices.builder(WithParameters.class)
            .chatModel(Guided.chat(delegate))
            .tools(new Weather())
            .build();
    Result<String> guided = assistant.chat(WEATHER, successors(2));
    assertThat(guided.content()).contains("sunny in Munich");
    int ofGuided = delegate.calls();
    assertThat(ofGuided).isEqualTo(1 + 2); // the tool's call, and two candidates
    assistant.chat(WEATHER, unguided());
    assertThat(delegate.calls() - ofGuided).isEqualTo(1 + 1);
  }

  private static ChatRequestParameters successors(int successors) {
    return WeakToStrongChatRequestParameters.builder().successors(successors).build();
  }

  private static ChatRequestParameters unguided() {
    return WeakToStrongChatRequestParameters.builder().guided(false).build();
  }
}
