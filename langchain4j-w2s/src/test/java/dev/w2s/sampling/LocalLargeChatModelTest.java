// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.w2s.local.LocalChatBuilder;
import dev.w2s.local.LocalChatModel;
import dev.w2s.local.LocalStreamingChatModel;
import dev.w2s.local.ThinkingTags;
import dev.w2s.model.CausalModel;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A chat model in this process as large model, beside the same model asked directly. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalLargeChatModelTest {
  private static final ChatRequest QUESTION =
      ChatRequest.builder().messages(UserMessage.from("How was the movie?")).build();
  private static final int TOKENS = 12;

  private CausalModel base;

  @BeforeAll
  void load() {
    base = CausalModel.load("embedded:movie-reviews/base");
  }

  @AfterAll
  void close() {
    base.close();
  }

  private <B extends LocalChatBuilder<B>> B seeded(B builder, @Nullable Long seed) {
    return builder.model(base).maxTokens(TOKENS).seed(seed);
  }

  private LocalChatModel model(@Nullable Long seed) {
    return seeded(LocalChatModel.builder(), seed).build();
  }

  private static ChatModelOptions options(
      @Nullable Boolean scoresThinking,
      @Nullable Integer concurrency,
      @Nullable Continuation continuation) {
    return new ChatModelOptions(String::length, scoresThinking, concurrency, continuation);
  }

  private static LargeChatModel large(ChatDelegate delegate) {
    return LargeChatModel.of(delegate, options(null, null, null));
  }

  private static ChatResponse drawn(
      LargeChatModel large, ChatRequest request, @Nullable Long seed) {
    large.checkSeed(seed);
    try (ChatSampler sampler =
        large.open(new ChatCall(request, ChatRequestOptions.EMPTY, seed, null))) {
      Candidate drawn =
          sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 1, TOKENS))).get(0).get(0);
      return sampler.response(drawn);
    }
  }

  @Test
  void aDrawIsWhatTheModelSays() {
    ChatResponse said = model(7L).chat(QUESTION);
    ChatResponse drawn = drawn(large(ChatDelegate.of(model(7L))), QUESTION, null);
    assertThat(drawn.aiMessage()).isEqualTo(said.aiMessage());
    assertThat(drawn.modelName()).isEqualTo("embedded:movie-reviews/base");
    assertThat(drawn.tokenUsage()).isEqualTo(said.tokenUsage());
    assertThat(drawn.finishReason()).isEqualTo(FinishReason.OTHER); // it may still go on
    LocalStreamingChatModel streaming = seeded(LocalStreamingChatModel.builder(), 7L).build();
    assertThat(drawn(large(ChatDelegate.of(streaming)), QUESTION, null)).isEqualTo(drawn);
  }

  @Test
  void theCallsSeedGoesBeforeTheModels() {
    ChatResponse wanted = model(5L).chat(QUESTION);
    assertThat(wanted.aiMessage()).isNotEqualTo(model(7L).chat(QUESTION).aiMessage());
    assertThat(drawn(large(ChatDelegate.of(model(7L))), QUESTION, 5L).aiMessage())
        .isEqualTo(wanted.aiMessage());
    assertThat(drawn(large(ChatDelegate.of(model(null))), QUESTION, 5L).aiMessage())
        .isEqualTo(wanted.aiMessage());
  }

  /** The likeliest tokens are the same under every seed. */
  @Test
  void noSeedIsNeeded() {
    ChatRequest likeliest =
        ChatRequest.builder().messages(QUESTION.messages()).temperature(0.0).build();
    assertThat(drawn(large(ChatDelegate.of(model(null))), likeliest, null).aiMessage())
        .isEqualTo(model(1L).chat(likeliest).aiMessage());
  }

  @Test
  void optionsThatAreForCallsAreRefused() {
    ChatDelegate delegate = ChatDelegate.of(model(7L));
    assertThatThrownBy(() -> LargeChatModel.of(delegate, options(null, 1, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("concurrency is 1; a model in this process takes none");
    assertThatThrownBy(() -> LargeChatModel.of(delegate, options(null, null, Continuation.WHOLE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("continuation is WHOLE; a model in this process takes none");
  }

  /** What is judged has the thinking in front only where there is some, and it is judged. */
  @ParameterizedTest
  @CsvSource({
    "true, true, false",
    "true, false, true",
    "true, , true",
    "false, true, true",
    "false, false, true",
    "false, , true"
  })
  void responsesGrowUnlessTheirThinkingIsJudged(
      boolean thinks, @Nullable Boolean scoresThinking, boolean grow) {
    LocalChatModel model =
        seeded(LocalChatModel.builder(), 7L)
            .thinkingTags(thinks ? ThinkingTags.THINK : null)
            .build();
    LargeChatModel large =
        LargeChatModel.of(ChatDelegate.of(model), options(scoresThinking, null, null));
    assertThat(large.growsResponses()).isEqualTo(grow);
  }
}
