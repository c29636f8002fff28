// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SamplingCost;
import dev.w2s.search.SearchSettings;
import dev.w2s.testkit.ScriptedChatModel;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A draw is a call, and its whole response the candidate. */
class WholeResponseSamplerTest {
  private static final ChatRequest QUESTION =
      ChatRequest.builder().messages(UserMessage.from("How was it?")).build();
  private static final ChatRequest WITH_TOOL =
      ChatRequest.builder()
          .messages(UserMessage.from("How was it?"))
          .toolSpecifications(ToolSpecification.builder().name("rate").build())
          .build();
  private static final AiMessage NOTHING = AiMessage.builder().build();
  private static final AiMessage TOOL_CALL =
      AiMessage.from("I rate it.", List.of(ToolExecutionRequest.builder().name("rate").build()));
  private static final AiMessage THOUGHT = AiMessage.builder().thinking("Hm.").text("good").build();

  private static WholeResponseSampler sampler(
      ScriptedChatModel model, ChatRequest request, boolean scoresThinking) {
    return new WholeResponseSampler(
        ChatDelegate.of(model),
        new ChatCall(request, ChatRequestOptions.EMPTY, null, null),
        text -> 1 + text.length(), // a token of the beginning, and one a character
        scoresThinking,
        new ParallelCalls(1, null));
  }

  private static WholeResponseSampler sampler(ScriptedChatModel model, ChatRequest request) {
    return sampler(model, request, /* scoresThinking= */ false);
  }

  private static ScriptedChatModel answering(ChatResponse... responses) {
    return new ScriptedChatModel(call -> responses[call]);
  }

  private static ChatResponse response(AiMessage message, @Nullable TokenUsage usage) {
    return ChatResponse.builder().aiMessage(message).tokenUsage(usage).build();
  }

  private static ChatResponse response(AiMessage message) {
    return response(message, new TokenUsage(10, 3));
  }

  private static DrawRequest from(Candidate response, int draws) {
    return new DrawRequest(new Hypothesis(0, 0, response, 0, 1), draws, SearchSettings.UNLIMITED);
  }

  private static List<Candidate> drawn(ChatSampler sampler, int draws) {
    return sampler.sample(List.of(from(Candidate.empty(), draws))).get(0);
  }

  private static Candidate only(ChatSampler sampler) {
    List<Candidate> drawn = drawn(sampler, 1);
    assertThat(drawn).hasSize(1);
    return drawn.get(0);
  }

  @Test
  void everyDrawIsACallAndItsResponseTheHandle() {
    ScriptedChatModel model = ScriptedChatModel.saying("a good film", "bad");
    WholeResponseSampler sampler = sampler(model, QUESTION);
    List<List<Candidate>> drawn =
        sampler.sample(List.of(from(Candidate.empty(), 2), from(Candidate.empty(), 1)));
    Candidate good = new Candidate("a good film", 3, Status.ENDED);
    assertThat(drawn)
        .containsExactly(List.of(good, new Candidate("bad", 1, Status.ENDED)), List.of(good));
    assertThat(drawn.get(0))
        .extracting(Candidate::handle)
        .containsExactly(ScriptedChatModel.text("a good film"), ScriptedChatModel.text("bad"));
    assertThat(drawn.get(0)).allMatch(sampler::isText);
    assertThat(model.requests()).hasSize(3).allMatch(QUESTION::equals);
    assertThat(sampler.cost()).isEqualTo(new SamplingCost(3, 3 + 1 + 3));
    assertThat(sampler.tokenUsage()).isEqualTo(new TokenUsage(30, 7));
  }

  @Test
  void aWholeResponseIsNotContinued() {
    ScriptedChatModel model = ScriptedChatModel.saying("good");
    WholeResponseSampler sampler = sampler(model, QUESTION);
    for (Candidate begun :
        List.of(
            new Candidate("It", 0, Status.OPEN), // of unknown tokens
            new Candidate("", 1, Status.OPEN))) { // within a character
      assertThatThrownBy(() -> sampler.sample(List.of(from(begun, 1))))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageStartingWith(
              ScriptedChatModel.class.getName() + " answers in whole responses");
    }
    assertThat(model.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"LENGTH, CUT", "STOP, ENDED", "OTHER, ENDED", ", ENDED"})
  void onlyALimitCuts(@Nullable FinishReason reason, Status status) {
    ChatResponse response =
        ChatResponse.builder().aiMessage(AiMessage.from("good")).finishReason(reason).build();
    assertThat(only(sampler(answering(response), QUESTION)).status()).isEqualTo(status);
  }

  @Test
  void tokensAreThoseThatAreReportedElseMeasured() {
    AiMessage good = AiMessage.from("good");
    WholeResponseSampler sampler =
        sampler(
            answering(
                response(good, new TokenUsage(10, 2)),
                response(good, new TokenUsage(10, null, 10)),
                response(good, null)),
            QUESTION);
    assertThat(drawn(sampler, 3)).extracting(Candidate::tokens).containsExactly(2, 5, 5);
    assertThat(sampler.cost()).isEqualTo(new SamplingCost(3, 12));
  }

  @Test
  void whatHasNoTextHasNoTokensToMeasure() {
    AiMessage thinking = AiMessage.builder().thinking("Hm.").build();
    WholeResponseSampler sampler = sampler(answering(response(thinking, null)), QUESTION);
    assertThat(only(sampler)).isEqualTo(new Candidate("", 0, Status.ENDED));
    assertThat(sampler.cost()).isEqualTo(new SamplingCost(1, 0));
  }

  @Test
  void thinkingIsJudgedOnlyByChoice() {
    WholeResponseSampler answer = sampler(answering(response(THOUGHT)), QUESTION);
    Candidate drawn = only(answer);
    assertThat(drawn.text()).isEqualTo("good");
    assertThat(answer.thinking(drawn)).isEqualTo("Hm.");
    WholeResponseSampler both =
        sampler(answering(response(THOUGHT)), QUESTION, /* scoresThinking= */ true);
    drawn = only(both);
    assertThat(drawn.text()).isEqualTo("Hm.\n\ngood");
    assertThat(both.thinking(drawn)).isEqualTo("Hm.");
  }

  @Test
  void anAnswerWithoutThinkingIsJudgedAlone() {
    WholeResponseSampler sampler =
        sampler(ScriptedChatModel.saying("good"), QUESTION, /* scoresThinking= */ true);
    Candidate drawn = only(sampler);
    assertThat(drawn.text()).isEqualTo("good");
    assertThat(sampler.thinking(drawn)).isEmpty();
  }

  /** Guides judge answers, and there is none yet. */
  @Test
  void thinkingWithoutAnAnswerIsNotJudged() {
    AiMessage thinking = AiMessage.builder().thinking("Hm.").build();
    WholeResponseSampler sampler =
        sampler(answering(response(thinking)), QUESTION, /* scoresThinking= */ true);
    Candidate drawn = only(sampler);
    assertThat(drawn).isEqualTo(new Candidate("", 3, Status.ENDED));
    assertThat(sampler.isText(drawn)).isFalse();
    assertThat(sampler.thinking(drawn)).isEqualTo("Hm.");
  }

  /** LangChain4j lets a model report thinking that is empty. */
  @Test
  void emptyThinkingIsNone() {
    AiMessage good = AiMessage.builder().thinking("").text("good").build();
    WholeResponseSampler sampler =
        sampler(answering(response(good)), QUESTION, /* scoresThinking= */ true);
    assertThat(only(sampler).text()).isEqualTo("good");
    AiMessage empty = AiMessage.builder().thinking("").text("").build();
    assertThatThrownBy(() -> only(sampler(answering(response(empty)), QUESTION)))
        .isInstanceOf(DelegateException.class);
  }

  static Stream<AiMessage> noTexts() {
    Image image = Image.builder().url("http://a/1.png").build();
    return Stream.of(
        TOOL_CALL,
        AiMessage.builder().thinking("Hm.").build(),
        AiMessage.builder()
            .attributes(Map.of(AiMessage.GENERATED_IMAGES_KEY, List.of(image)))
            .build(),
        AiMessage.builder().attributes(Map.of("refusal", "none of my business")).build());
  }

  @ParameterizedTest
  @MethodSource("noTexts")
  void whatIsNoTextIsLeftOutBesideText(AiMessage message) {
    WholeResponseSampler sampler =
        sampler(
            answering(response(message), ScriptedChatModel.text("bad"), response(message)),
            QUESTION);
    assertThat(drawn(sampler, 3)).containsExactly(new Candidate("bad", 1, Status.ENDED));
    assertThat(sampler.cost()).isEqualTo(new SamplingCost(3, 3 + 1 + 3));
  }

  @ParameterizedTest
  @MethodSource("noTexts")
  void withoutTextTheFirstThatHoldsSomethingIsTheCandidate(AiMessage message) {
    ChatResponse something = response(message);
    WholeResponseSampler sampler =
        sampler(
            answering(response(NOTHING), something, response(TOOL_CALL), response(NOTHING)),
            QUESTION);
    List<Candidate> drawn = drawn(sampler, 4);
    assertThat(drawn).hasSize(1);
    assertThat(drawn.get(0).handle()).isSameAs(something);
    assertThat(sampler.isText(drawn.get(0))).isFalse();
  }

  @Test
  void responsesThatHoldNothingAreAFailure() {
    AiMessage empty = AiMessage.builder().text("").build();
    WholeResponseSampler sampler = sampler(answering(response(NOTHING), response(empty)), QUESTION);
    assertThatThrownBy(() -> drawn(sampler, 2))
        .isInstanceOf(DelegateException.class)
        .hasMessage(
            ScriptedChatModel.class.getName()
                + " returned neither text nor tool calls, in any of its responses");
  }

  @Test
  void onlyAResponseIsText() {
    WholeResponseSampler sampler = sampler(ScriptedChatModel.saying("good"), QUESTION);
    assertThat(sampler.isText(new Candidate("good", 1, Status.ENDED))).isFalse();
  }

  @Test
  void aFirstDrawThatCallsAToolIsTheOnlyCall() {
    ChatResponse toolCall = response(TOOL_CALL);
    ScriptedChatModel model = answering(toolCall);
    WholeResponseSampler sampler = sampler(model, WITH_TOOL);
    List<Candidate> drawn = drawn(sampler, 4);
    assertThat(drawn).hasSize(1);
    assertThat(drawn.get(0).handle()).isSameAs(toolCall);
    assertThat(model.requests()).containsExactly(WITH_TOOL);
    assertThat(sampler.cost()).isEqualTo(new SamplingCost(1, 3));
  }

  @Test
  void aFirstDrawThatCallsNoToolIsOneOfTheCandidates() {
    ScriptedChatModel model =
        answering(
            ScriptedChatModel.text("good"), response(TOOL_CALL), ScriptedChatModel.text("bad"));
    WholeResponseSampler sampler = sampler(model, WITH_TOOL);
    assertThat(drawn(sampler, 3)).extracting(Candidate::text).containsExactly("good", "bad");
    assertThat(model.requests()).hasSize(3);
  }

  @Test
  void oneDrawIsOneCallWhereToolsAreOffered() {
    ScriptedChatModel model = ScriptedChatModel.saying("good");
    assertThat(only(sampler(model, WITH_TOOL)).text()).isEqualTo("good");
    assertThat(model.requests()).hasSize(1);
  }

  /** Without an offer no call can be meant, so the others are drawn as ever. */
  @Test
  void aToolCallThatNothingOffersIsADrawLikeOthers() {
    ScriptedChatModel model = answering(response(TOOL_CALL), ScriptedChatModel.text("good"));
    assertThat(drawn(sampler(model, QUESTION), 2))
        .extracting(Candidate::text)
        .containsExactly("good");
  }

  private static ScriptedChatModel failingAt(int failing, String text) {
    return new ScriptedChatModel(
        call -> {
          if (call == failing) {
            throw new IllegalStateException("busy");
          }
          return ScriptedChatModel.text(text);
        });
  }

  @Test
  void drawsThatFailAreLeftOut() {
    WholeResponseSampler sampler = sampler(failingAt(1, "good film"), QUESTION);
    assertThat(drawn(sampler, 3))
        .extracting(Candidate::text)
        .containsExactly("good film", "good film");
    assertThat(sampler.cost()).isEqualTo(new SamplingCost(3, 4));
    assertThat(sampler.tokenUsage()).isEqualTo(new TokenUsage(20, 4));
    // A first draw that is made alone is no exception.
    WholeResponseSampler offering = sampler(failingAt(0, "good film"), WITH_TOOL);
    assertThat(drawn(offering, 3))
        .extracting(Candidate::text)
        .containsExactly("good film", "good film");
  }

  @Test
  void theFirstFailureIsThrownIfThereIsNothingElse() {
    RuntimeException first = new IllegalStateException("first");
    ScriptedChatModel model =
        new ScriptedChatModel(
            call -> {
              throw call == 0 ? first : new IllegalStateException("later");
            });
    assertThatThrownBy(() -> drawn(sampler(model, WITH_TOOL), 3)).isSameAs(first);
  }

  private static ChatResponse named(ChatResponseMetadata metadata) {
    return ChatResponse.builder().aiMessage(AiMessage.from("good")).metadata(metadata).build();
  }

  @Test
  void aResponseHasTheUsageOfAllCallsInTheModelsOwnClass() {
    ChatResponse first =
        named(
            OpenAiChatResponseMetadata.builder()
                .id("a1")
                .modelName("base")
                .finishReason(FinishReason.STOP)
                .systemFingerprint("f")
                .tokenUsage(
                    OpenAiTokenUsage.builder()
                        .inputTokenCount(10)
                        .outputTokenCount(2)
                        .totalTokenCount(12)
                        .build())
                .build());
    WholeResponseSampler sampler =
        sampler(answering(first, response(AiMessage.from("bad"), new TokenUsage(10, 3))), QUESTION);
    ChatResponse response = sampler.response(drawn(sampler, 2).get(0));
    assertThat(response.aiMessage().text()).isEqualTo("good");
    assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(20);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(5);
    assertThat(response.tokenUsage().totalTokenCount()).isEqualTo(25);
    OpenAiChatResponseMetadata metadata = (OpenAiChatResponseMetadata) response.metadata();
    assertThat(metadata.id()).isEqualTo("a1");
    assertThat(metadata.modelName()).isEqualTo("base");
    assertThat(metadata.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(metadata.systemFingerprint()).isEqualTo("f");
  }

  @Test
  void theResponseOfTheOnlyCallIsAsItIs() {
    ChatResponse only = ScriptedChatModel.text("good");
    WholeResponseSampler sampler = sampler(answering(only), QUESTION);
    assertThat(sampler.response(only(sampler))).isSameAs(only);
  }

  @Test
  void whereNoUsageIsReportedAResponseIsAsItIs() {
    ChatResponse first = response(AiMessage.from("good"), null);
    WholeResponseSampler sampler =
        sampler(answering(first, response(AiMessage.from("bad"), null)), QUESTION);
    assertThat(sampler.response(drawn(sampler, 2).get(0))).isSameAs(first);
    assertThat(sampler.tokenUsage()).isNull();
  }

  /** Metadata of a class that has not overridden {@code toBuilder}. */
  private static final class Routed extends ChatResponseMetadata {
    Routed() {
      super(ChatResponseMetadata.builder().tokenUsage(new TokenUsage(10, 2)));
    }
  }

  @Test
  void metadataThatDoesNotRebuildItselfKeepsWhatItKnows() {
    ChatResponse first = named(new Routed());
    WholeResponseSampler sampler =
        sampler(answering(first, ScriptedChatModel.text("bad")), QUESTION);
    assertThat(sampler.response(drawn(sampler, 2).get(0))).isSameAs(first);
    assertThat(sampler.tokenUsage()).isEqualTo(new TokenUsage(20, 3));
  }
}
