// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.continuation.ChatEndpoint.Ask;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.sampling.continuation.Instruction;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Completions.Usage;
import dev.w2s.testkit.ScriptedChatModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How continuations are asked of a LangChain4j chat model, and what is made of its answers. */
class DelegateChatTest {
  private static final ChatRequest QUESTION =
      ChatRequest.builder().messages(UserMessage.from("How was it?")).maxOutputTokens(99).build();

  private static Ask ask(String given, Continuation way, @Nullable Integer maxTokens) {
    return new Ask(given, way, 1, maxTokens, null);
  }

  private static DelegateChat chat(ScriptedChatModel model) {
    return new DelegateChat(
        ChatDelegate.of(model), new ChatCall(QUESTION, ChatRequestOptions.EMPTY, null, null));
  }

  /** The request that a question becomes. */
  private static ChatRequest asked(Ask ask) {
    ScriptedChatModel model = ScriptedChatModel.saying("good");
    chat(model).answer(ask);
    return model.requests().get(0);
  }

  @Test
  void theAnswerSoFarIsTheLastMessageUnlessItIsToldInWords() {
    assertThat(asked(ask("", Continuation.WHOLE, null)).messages()).isEqualTo(QUESTION.messages());
    assertThat(asked(ask("It was", Continuation.PREFILL, null)).messages())
        .containsExactly(UserMessage.from("How was it?"), AiMessage.from("It was"));
    assertThat(asked(ask("It was", Continuation.INSTRUCTION, null)).messages())
        .containsExactly(
            UserMessage.from("How was it?"),
            AiMessage.from("It was"),
            UserMessage.from(Instruction.GO_ON));
  }

  @Test
  void theLimitIsTheChunksElseTheRequests() {
    assertThat(asked(ask("", Continuation.WHOLE, 7)).maxOutputTokens()).isEqualTo(7);
    assertThat(asked(ask("", Continuation.WHOLE, null)).maxOutputTokens()).isEqualTo(99);
  }

  private static Answer answer(
      @Nullable String text,
      @Nullable TokenUsage usage,
      @Nullable FinishReason reason,
      @Nullable Integer maxTokens) {
    ChatResponse response =
        ChatResponse.builder()
            .aiMessage(AiMessage.builder().text(text).thinking("Hm.").build())
            .tokenUsage(usage)
            .finishReason(reason)
            .build();
    return chat(new ScriptedChatModel(call -> response))
        .answer(ask("", Continuation.WHOLE, maxTokens));
  }

  private static Choice only(Answer answer) {
    assertThat(answer.choices()).hasSize(1);
    assertThat(answer.choices().get(0)).hasSize(1);
    return answer.choices().get(0).get(0);
  }

  @Test
  void anAnswerIsOneChoiceOfTheTokensThatAreTold() {
    Answer told = answer("a b", new TokenUsage(10, 2), FinishReason.STOP, 5);
    assertThat(told.usage()).isEqualTo(new Usage(10, 2));
    assertThat(only(told).text()).isEqualTo("a b");
    assertThat(only(told).tokens()).isEqualTo(2);
    assertThat(only(told).logProbability()).isNaN();
    Answer half = answer("a b", new TokenUsage(null, 2), FinishReason.STOP, 5);
    assertThat(half.usage()).isNull();
    assertThat(only(half).tokens()).isEqualTo(2);
    Answer silent = answer(null, null, FinishReason.STOP, 5);
    assertThat(silent.usage()).isNull();
    assertThat(only(silent).tokens()).isZero();
    assertThat(only(silent).text()).isEmpty();
    Answer other = answer("a b", new TokenUsage(10, null, 10), FinishReason.STOP, 5);
    assertThat(other.usage()).isEqualTo(new Usage(10, 0));
  }

  /** Without a reason, what has drawn as much as it may was cut. */
  @ParameterizedTest
  @CsvSource({
    "CONTENT_FILTER, 5, FILTERED",
    "LENGTH, 2, LENGTH",
    "STOP, 5, STOP",
    "OTHER, 5, STOP",
    ", 5, LENGTH",
    ", 6, LENGTH",
    ", 4, STOP",
  })
  void reasonsToStopAreRead(@Nullable FinishReason reason, int tokens, Finish finish) {
    assertThat(only(answer("a", new TokenUsage(10, tokens), reason, 5)).finish()).isEqualTo(finish);
  }

  @Test
  void withoutALimitNothingIsCutByOne() {
    assertThat(only(answer("a", new TokenUsage(10, 5), null, null)).finish())
        .isEqualTo(Finish.STOP);
  }
}
