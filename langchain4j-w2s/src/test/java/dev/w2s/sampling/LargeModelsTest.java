// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SamplingCost;
import dev.w2s.testkit.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LangChain4j's models as large models: what they can be told, and what is refused early. */
class LargeModelsTest {
  private static final ChunkCutter WHOLE =
      (text, tokens) -> new ChunkCutter.Chunk(text, text.length());
  private static final ChunkCutter FIRST =
      (text, tokens) -> new ChunkCutter.Chunk(text.substring(0, 1), 1);
  private static final ChatRequest QUESTION =
      ChatRequest.builder().messages(UserMessage.from("How was it?")).build();

  private static ChatModelOptions chat(
      @Nullable Integer concurrency, @Nullable Continuation continuation) {
    return new ChatModelOptions(String::length, null, concurrency, continuation);
  }

  private static LargeChatModel chatModel(
      ScriptedChatModel model, @Nullable Continuation continuation) {
    return LargeChatModel.of(ChatDelegate.of(model), chat(1, continuation));
  }

  private static LanguageModelOptions language(
      @Nullable ChunkCutter chosen, @Nullable ChunkCutter otherwise) {
    return new LanguageModelOptions(PromptFormat.template("P: {{prompt}}"), chosen, otherwise, 1);
  }

  private static SamplingRequest request(
      @Nullable Double temperature,
      @Nullable Integer topK,
      @Nullable Double topP,
      @Nullable List<String> stop,
      @Nullable Long seed) {
    return new SamplingRequest(temperature, topK, topP, stop, seed, null, null);
  }

  @Test
  void atLeastOneCallIsMadeAtATime() {
    assertThat(chat(1, null).concurrency()).isOne();
    assertThatThrownBy(() -> chat(0, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("concurrency is 0; it must be at least 1");
    assertThat(new LanguageModelOptions(PromptFormat.raw(), null, null, 1).concurrency()).isOne();
    assertThatThrownBy(() -> new LanguageModelOptions(PromptFormat.raw(), null, null, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("concurrency is 0; it must be at least 1");
  }

  @Test
  void aLanguageModelIsShownThePromptInItsFormatAndCutByTheCutterThatIsChosen() {
    List<String> prompts = new ArrayList<>();
    LargeModel model =
        LargeModel.of(
            prompt -> {
              prompts.add(prompt);
              return Response.from("abc STOP it");
            },
            language(FIRST, WHOLE));
    SamplingRequest request = request(null, null, null, List.of("STOP"), null);
    try (MeteredSampler sampler = model.open(Prompt.of("It was"), request)) {
      assertThat(sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 1, 5))).get(0))
          .containsExactly(new Candidate("a", 1, Status.OPEN));
    }
    LargeModel whole = LargeModel.of(prompt -> Response.from("abc STOP it"), language(null, WHOLE));
    try (MeteredSampler sampler = whole.open(Prompt.of("It was"), request)) {
      assertThat(sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 1, 5))).get(0))
          .containsExactly(new Candidate("abc ", 11, Status.ENDED));
    }
    assertThat(prompts).containsExactly("P: It was");
    assertThat(model.maxTokens()).isNull();
    assertThatThrownBy(() -> LargeModel.of(prompt -> Response.from("a"), language(null, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("chunkCutter is missing");
  }

  /** Nothing that a call cannot bring is silently ignored; stop strings are the library's own. */
  @Test
  void whatALanguageModelCannotBeToldIsRefusedByName() {
    LargeModel model = LargeModel.of(prompt -> Response.from("a"), language(WHOLE, null));
    assertThatCode(() -> model.check(request(null, null, null, List.of("STOP"), null)))
        .doesNotThrowAnyException();
    assertRefused(model, request(0.5, null, null, null, null), "temperature is 0.5");
    assertRefused(model, request(null, 50, null, null, null), "topK is 50");
    assertRefused(model, request(null, null, 0.9, null, null), "topP is 0.9");
    assertRefused(model, request(null, null, null, null, 5L), "seed is 5");
    assertThatThrownBy(() -> model.check(request(null, null, null, List.of(""), null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertRefused(LargeModel model, SamplingRequest request, String message) {
    assertThatThrownBy(() -> model.check(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message + "; a delegate of type ");
  }

  @Test
  void aChatModelTakesNoSeed() {
    LargeChatModel model = chatModel(ScriptedChatModel.saying("good"), null);
    model.checkSeed(null);
    assertThatThrownBy(() -> model.checkSeed(5L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("seed is 5", ScriptedChatModel.class.getName());
    ChatCall seeded = new ChatCall(QUESTION, ChatRequestOptions.EMPTY, 5L, null);
    assertThatThrownBy(() -> model.open(seeded))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("seed is 5");
  }

  @ParameterizedTest
  @CsvSource({", false", "WHOLE, false", "AUTO, true", "PREFILL, true", "INSTRUCTION, true"})
  void responsesGrowWhereTheModelIsMadeToGoOn(@Nullable Continuation continuation, boolean grow) {
    assertThat(chatModel(ScriptedChatModel.saying("good"), continuation).growsResponses())
        .isEqualTo(grow);
  }

  /** A model that goes on: its answers are beginnings, and what ended them is in the response. */
  @Test
  void aCandidateOfAModelThatGoesOnBecomesAResponse() {
    ScriptedChatModel model = ScriptedChatModel.saying("It was");
    LargeChatModel large = chatModel(model, Continuation.INSTRUCTION);
    ChatRequest named =
        ChatRequest.builder()
            .messages(QUESTION.messages())
            .modelName("base")
            .maxOutputTokens(9)
            .build();
    try (ChatSampler sampler =
        large.open(new ChatCall(named, ChatRequestOptions.EMPTY, null, null))) {
      Candidate drawn =
          sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 1, 5))).get(0).get(0);
      assertThat(sampler.isText(drawn)).isTrue();
      assertThat(sampler.thinking(drawn)).isEmpty();
      assertThat(sampler.cost()).isEqualTo(new SamplingCost(1, 2));
      ChatResponse response = sampler.response(drawn);
      assertThat(response.aiMessage().text()).isEqualTo("It was");
      assertThat(response.modelName()).isEqualTo("base");
      assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(10, 2));
      assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }
    try (ChatSampler sampler =
        large.open(new ChatCall(QUESTION, ChatRequestOptions.EMPTY, null, null))) {
      Candidate begun = new Candidate("It", " was", 2, Status.OPEN, null);
      assertThat(sampler.response(begun).aiMessage().text()).isEqualTo("It was");
      assertThat(sampler.response(begun).modelName()).isEqualTo("ScriptedChatModel");
    }
  }

  @ParameterizedTest
  @CsvSource({"ENDED, STOP", "CUT, LENGTH", "OUT_OF_POSITIONS, LENGTH", "OPEN, OTHER"})
  void whatEndedACandidateIsTheReason(Status status, FinishReason reason) {
    assertThat(TextChatSampler.finishReason(status)).isEqualTo(reason);
  }
}
