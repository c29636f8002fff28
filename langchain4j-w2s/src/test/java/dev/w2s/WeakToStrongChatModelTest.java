// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static dev.w2s.testkit.ScriptedChatModel.saying;
import static dev.w2s.testkit.ScriptedChatModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.PairSession;
import dev.w2s.model.Golden;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.search.Cancellation;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.StopReason;
import dev.w2s.search.Trace;
import dev.w2s.testkit.ScriptedChatModel;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WeakToStrongChatModelTest {
  private static final ToolSpecification TOOL = ToolSpecification.builder().name("rate").build();
  private static final ChatResponse CALL =
      ChatResponse.builder()
          .aiMessage(
              AiMessage.from(ToolExecutionRequest.builder().name("rate").arguments("{}").build()))
          .tokenUsage(new TokenUsage(10, 3))
          .finishReason(FinishReason.TOOL_EXECUTION)
          .build();

  private final WordGuide likesGood = new WordGuide("good");

  private WeakToStrongChatModel.Builder guided(ChatModel delegate) {
    return WeakToStrongChatModel.builder()
        .delegate(delegate)
        .guide("good", likesGood, 1)
        .beamWidth(2)
        .successors(2)
        .concurrency(1);
  }

  private static ChatRequest.Builder asking(String question) {
    return ChatRequest.builder().messages(UserMessage.from(question));
  }

  @Test
  void choosesAmongWholeResponses() {
    ScriptedChatModel delegate = saying("bad", "good film", "good good film", "so so");
    WeakToStrongChatResponse response =
        (WeakToStrongChatResponse) guided(delegate).build().chat(asking("How was it?").build());

    assertThat(response.aiMessage().text()).isEqualTo("good good film");
    assertThat(response.score()).isEqualTo(2.0);
    assertThat(response.aiMessage().attribute("w2s.score", Double.class)).isEqualTo(2.0);
    assertThat(response.hypotheses().stream().map(h -> h.candidate().text()))
        .containsExactly("good good film", "good film");
    assertThat(delegate.requests()).hasSize(4);
    assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(40, 1 + 2 + 3 + 2));
    assertThat(response.modelName()).isEqualTo("scripted");
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(response.result().usage().calls()).isEqualTo(4);
    assertThat(response.result().usage().sampledTokens()).isEqualTo(8);
    assertThat(response.result().usage().scoredTokens()).as("one a text").isEqualTo(4);
    assertThat(response.trace()).isEmpty();
    assertThat(response.result().stopReason()).isEqualTo(StopReason.ENDED);
  }

  @Test
  void guidesSeeTheWholeConversationAndNothingButItsTexts() {
    ScriptedChatModel delegate = saying("good");
    List<ChatMessage> messages =
        List.of(
            SystemMessage.from("Be kind."),
            UserMessage.from(
                TextContent.from("Look"), ImageContent.from("https://example.org/a.png")),
            AiMessage.from("Nice."),
            UserMessage.from("And now?"));
    guided(delegate).build().chat(messages);

    assertThat(likesGood.prompts)
        .containsExactly(
            new Prompt.Conversation(
                List.of(
                    new Turn("system", "Be kind."),
                    new Turn("user", "Look"),
                    new Turn("assistant", "Nice."),
                    new Turn("user", "And now?"))));
    assertThat(delegate.requests())
        .hasSize(4)
        .allSatisfy(request -> assertThat(request.messages()).isEqualTo(messages));
  }

  @Test
  void theFirstDrawCallsToolsForAll() {
    ScriptedChatModel delegate = new ScriptedChatModel(call -> call == 0 ? CALL : text("good"));
    ChatResponse response =
        guided(delegate).build().chat(asking("Rate it").toolSpecifications(TOOL).build());

    assertThat(response.aiMessage()).isEqualTo(CALL.aiMessage());
    assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    assertThat(response.tokenUsage()).isEqualTo(CALL.tokenUsage());
    assertThat(((WeakToStrongChatResponse) response).score()).isNull();
    assertThat(delegate.requests()).hasSize(1);
    assertThat(likesGood.texts).isEmpty();
  }

  @Test
  void whereThereIsNothingToChooseThereIsNoScore() {
    ChatModel model = guided(saying("good")).beamWidth(1).successors(1).build();
    ChatResponse response = model.chat(asking("How was it?").build());
    assertThat(response.aiMessage().text()).isEqualTo("good");
    assertThat(((WeakToStrongChatResponse) response).score()).isNull();
    assertThat(likesGood.texts).isEmpty();
  }

  /** Guides as another guide does; its tokens are a model's. */
  private record Measuring(Guide guide, ModelTokenizer tokenizer) implements Pair {
    @Override
    public CandidateScorer open(Prompt prompt) {
      return guide.open(prompt);
    }

    @Override
    public PairSession openSession(Prompt prompt) {
      throw new AssertionError("a scorer is enough");
    }

    @Override
    public void close() {}
  }

  /** Of a delegate that tells no usage. */
  @Test
  void theFirstPairMeasuresWhatNobodyElseDoes() {
    String text = "a wonderful film";
    ChatModel silent =
        new ScriptedChatModel(
            call -> ChatResponse.builder().aiMessage(AiMessage.from(text)).build());
    try (TokenizerDirectory one = TokenizerDirectory.open(Golden.reference("llama-gqa"));
        TokenizerDirectory other = TokenizerDirectory.open(Golden.reference("tuned"))) {
      int tokens = one.tokenizer().countTokens(text);
      assertThat(tokens).isNotEqualTo(other.tokenizer().countTokens(text));
      WeakToStrongChatModel.Builder builder = guided(silent).beamWidth(1);
      assertThat(drawn(builder.build())).isZero();
      builder
          .pair(new Measuring(likesGood, one.tokenizer()))
          .pair(new Measuring(new WordGuide("film"), other.tokenizer()));
      assertThat(drawn(builder.build())).isEqualTo(2L * tokens);
    }
  }

  private static long drawn(ChatModel model) {
    return ((WeakToStrongChatResponse) model.chat(asking("?").build()))
        .result()
        .usage()
        .sampledTokens();
  }

  @Test
  void pairsAreNumbered() {
    try (TokenizerDirectory tokens = TokenizerDirectory.open(Golden.reference("llama-gqa"))) {
      ChatModel model =
          guided(saying("good good", "bad film"))
              .pair(new Measuring(new WordGuide("bad"), tokens.tokenizer()), 0.5)
              .pair(new Measuring(new WordGuide("film"), tokens.tokenizer()))
              .build();
      assertThat(chosen(model, "pair-2")).isEqualTo("bad film");
      assertThat(chosen(model, "pair-3")).isEqualTo("bad film");
      assertThatThrownBy(() -> chosen(model, "pair-1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[good, pair-2, pair-3]");
    }
  }

  private static String chosen(ChatModel model, String guide) {
    return model
        .chat(asking("?").parameters(parameters().guides(guide).build()).build())
        .aiMessage()
        .text();
  }

  @Test
  void laterDrawsThatCallToolsAreLeftOut() {
    ScriptedChatModel delegate =
        new ScriptedChatModel(call -> call % 2 == 1 ? CALL : text(call == 0 ? "so so" : "good"));
    ChatResponse response =
        guided(delegate).build().chat(asking("Rate it").toolSpecifications(TOOL).build());
    assertThat(response.aiMessage().text()).isEqualTo("good");
    assertThat(delegate.requests()).hasSize(4);
    assertThat(likesGood.texts).containsExactly("so so", "good");

    ScriptedChatModel onlyCalls = new ScriptedChatModel(call -> CALL);
    assertThat(guided(onlyCalls).build().chat(asking("Rate it").build()).aiMessage())
        .isEqualTo(CALL.aiMessage());
  }

  @Test
  void thinkingStaysApartOrIsScoredByChoice() {
    ChatResponse thoughtful =
        ChatResponse.builder()
            .aiMessage(AiMessage.builder().thinking("good, good").text("bad").build())
            .build();
    ScriptedChatModel delegate =
        new ScriptedChatModel(call -> call == 0 ? thoughtful : text("good"));
    assertThat(guided(delegate).build().chat("Well?")).isEqualTo("good");
    assertThat(likesGood.texts).containsExactly("bad", "good");

    ScriptedChatModel again = new ScriptedChatModel(call -> call == 0 ? thoughtful : text("good"));
    ChatResponse chosen = guided(again).scoreThinking(true).build().chat(asking("Well?").build());
    assertThat(chosen.aiMessage().thinking()).isEqualTo("good, good");
    assertThat(chosen.aiMessage().text()).isEqualTo("bad");
    assertThat(likesGood.texts).contains("good, good\n\nbad");
  }

  @Test
  void aJsonSchemaReachesTheDelegate() {
    ScriptedChatModel delegate = saying("{}", "{\"good\": 1}");
    ChatResponse response =
        guided(delegate).build().chat(asking("?").responseFormat(ResponseFormat.JSON).build());
    assertThat(response.aiMessage().text()).isEqualTo("{\"good\": 1}");
    assertThat(delegate.requests())
        .allSatisfy(request -> assertThat(request.responseFormat()).isEqualTo(ResponseFormat.JSON));
  }

  @Test
  void isOfTheDelegatesKind() {
    ChatModel model = guided(saying("good")).build();
    assertThat(model.provider()).isEqualTo(ModelProvider.OLLAMA);
    assertThat(model.supportedCapabilities())
        .containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    assertThat(model.listeners()).isEmpty();
  }

  @Test
  void aRequestSaysHowItIsGuided() {
    WordGuide likesBad = new WordGuide("bad");
    ScriptedChatModel delegate = saying("good good", "bad bad bad", "good", "bad");
    ChatModel model = guided(delegate).guide("bad", likesBad, 0.5).build();

    assertThat(model.chat("?")).isEqualTo("good good");
    assertThat(
            model
                .chat(asking("?").parameters(parameters().guides("bad").build()).build())
                .aiMessage()
                .text())
        .isEqualTo("bad bad bad");
    Trace told = new Trace();
    WeakToStrongChatResponse weighted =
        (WeakToStrongChatResponse)
            model.chat(
                asking("?")
                    .parameters(
                        parameters()
                            .guides(java.util.Map.of("good", 1.0, "bad", 2.0))
                            .beamWidth(1)
                            .successors(3)
                            .trace(true)
                            .listener(told)
                            .build())
                    .build());
    assertThat(weighted.aiMessage().text()).isEqualTo("bad bad bad");
    assertThat(weighted.score()).isEqualTo(6.0);
    assertThat(weighted.hypotheses()).hasSize(1);
    assertThat(weighted.trace()).singleElement().satisfies(r -> assertThat(r.drawn()).isEqualTo(3));
    assertThat(told.rounds()).isEqualTo(weighted.trace());

    int before = delegate.requests().size();
    ChatResponse off =
        model.chat(asking("?").parameters(parameters().guided(false).build()).build());
    assertThat(off).isNotInstanceOf(WeakToStrongChatResponse.class);
    assertThat(delegate.requests()).hasSize(before + 1);

    assertThatThrownBy(
            () -> model.chat(asking("?").parameters(parameters().guides("worse").build()).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("guides name 'worse', which the model does not have; it has [good, bad]");
    assertThatThrownBy(
            () -> model.chat(asking("?").parameters(parameters().beamWidth(0).build()).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("beamWidth is 0, must be at least 1");
    assertThatThrownBy(
            () -> model.chat(asking("?").parameters(parameters().seed(1L).build()).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("seed is 1", ScriptedChatModel.class.getName());
  }

  private static WeakToStrongChatRequestParameters.Builder parameters() {
    return WeakToStrongChatRequestParameters.builder();
  }

  @Test
  void aRequestMayBringGuidesOfItsOwn() {
    ScriptedChatModel delegate = saying("good good", "bad bad bad", "so so", "good");
    ChatModel model = guided(delegate).build();

    assertThat(model.chat("?")).isEqualTo("good good");
    WeakToStrongChatRequestParameters beside =
        parameters().guide("own", new WordGuide("bad"), 1).build();
    assertThat(model.chat(asking("?").parameters(beside).build()).aiMessage().text())
        .isEqualTo("bad bad bad");
    WeakToStrongChatRequestParameters alone =
        parameters().guides().guide("own", new WordGuide("so"), 1).build();
    assertThat(model.chat(asking("?").parameters(alone).build()).aiMessage().text())
        .isEqualTo("so so");
    assertThat(beside.overrideWith(alone)).isEqualTo(alone);
    assertThatThrownBy(
            () ->
                model.chat(
                    asking("?")
                        .parameters(parameters().guide("good", new WordGuide("so"), 1).build())
                        .build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("guide 'good' is there twice; names must differ");
  }

  /** A delegate's own limit gives way to one that is set here, in whichever way. */
  @Test
  void theSettingsLimitIsTheRequests() {
    ScriptedChatModel delegate =
        ScriptedChatModel.saying("good")
            .withDefaults(ChatRequestParameters.builder().maxOutputTokens(50).build());
    SearchSettings settings = SearchSettings.bestOf(2).withMaxTokens(7);
    for (Integer alone : new Integer[] {null, 9}) {
      ChatModel model =
          WeakToStrongChatModel.builder()
              .delegate(delegate)
              .guide("good", new WordGuide("good"), 1)
              .settings(settings)
              .maxTokens(alone)
              .build();
      model.chat("?");
      assertThat(delegate.requests().get(delegate.requests().size() - 1).maxOutputTokens())
          .isEqualTo(alone == null ? 7 : 9);
    }
  }

  @Test
  void goesOnWithoutTheDrawsThatFail() {
    RuntimeException broken = new IllegalStateException("no answer");
    ScriptedChatModel half =
        new ScriptedChatModel(
            call -> {
              if (call % 2 == 1) {
                throw broken;
              }
              return text("good");
            });
    WeakToStrongChatResponse response =
        (WeakToStrongChatResponse) guided(half).build().chat(asking("?").build());
    assertThat(response.aiMessage().text()).isEqualTo("good");
    assertThat(response.result().usage().dropped()).isEqualTo(2);

    ScriptedChatModel never =
        new ScriptedChatModel(
            call -> {
              throw broken;
            });
    assertThatThrownBy(() -> guided(never).build().chat("?")).isSameAs(broken);
  }

  @Test
  void namesADelegateThatAnswersNothing() {
    assertThatThrownBy(() -> guided(new ScriptedChatModel(call -> null)).build().chat("?"))
        .isInstanceOf(DelegateException.class)
        .hasMessage(ScriptedChatModel.class.getName() + " returned null, not a response");
    ChatResponse empty = ChatResponse.builder().aiMessage(AiMessage.from("")).build();
    assertThatThrownBy(() -> guided(new ScriptedChatModel(call -> empty)).build().chat("?"))
        .isInstanceOf(DelegateException.class)
        .hasMessageContaining("returned neither text nor tool calls");
  }

  /** A missing finish reason counts as an end; a cut response has not ended. */
  @Test
  void theFinishReasonIsTheWinners() {
    ChatResponse cut =
        ChatResponse.builder()
            .aiMessage(AiMessage.from("good good"))
            .finishReason(FinishReason.LENGTH)
            .build();
    ChatResponse silent = ChatResponse.builder().aiMessage(AiMessage.from("good")).build();
    WeakToStrongChatResponse response =
        (WeakToStrongChatResponse)
            guided(new ScriptedChatModel(call -> call == 0 ? cut : silent))
                .build()
                .chat(asking("?").build());
    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(response.hypotheses().get(0).candidate().ended()).isFalse();
    assertThat(response.hypotheses().get(1).candidate().ended()).isTrue();
  }

  @Test
  void aGuideThatCannotSeeTheConversationIsNamed() {
    ChatModel model =
        WeakToStrongChatModel.builder()
            .delegate(saying("good"))
            .guide(
                "strict",
                prompt -> {
                  throw new IllegalArgumentException("no system turn here");
                },
                1)
            .build();
    assertThatThrownBy(() -> model.chat("?"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no system turn here");
  }

  @Test
  void checksWhatItIsBuiltFrom() {
    assertThatThrownBy(() -> WeakToStrongChatModel.builder().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delegate is missing; it must be given");
    assertThatThrownBy(() -> WeakToStrongChatModel.builder().delegate(saying("a")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pair is missing");
    assertThatThrownBy(() -> guided(saying("a")).concurrency(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("concurrency is 0; it must be at least 1");
    assertThatThrownBy(() -> guided(saying("a")).seed(1L).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("seed is 1");
  }

  @Test
  void weightsThatCancelOutAreRefused() {
    WeakToStrongChatModel.Builder builder =
        WeakToStrongChatModel.builder()
            .delegate(saying("x"))
            .guide("good", likesGood, 1)
            .guide("again", likesGood, 0.5);
    assertThat(builder.build()).isNotNull();
    assertThatThrownBy(() -> builder.guide("not", likesGood, -1.5).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "guide 'good' is there under several names whose weights cancel out; they must not add"
                + " up to zero");
    assertThatThrownBy(
            () ->
                WeakToStrongChatModel.builder()
                    .delegate(saying("x"))
                    .guide("a", likesGood, 0.1)
                    .guide("b", likesGood, 0.2)
                    .guide("c", likesGood, -0.3) // 5.6e-17 remain of the three
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cancel out");
  }

  @Test
  void aCancelledCallIsNotMade() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    ScriptedChatModel delegate = saying("good");
    ChatModel model = guided(delegate).build();
    assertThatThrownBy(
            () ->
                model.chat(
                    asking("?")
                        .parameters(parameters().cancellation(cancellation).build())
                        .build()))
        .isInstanceOf(CancellationException.class);
    assertThat(delegate.requests()).isEmpty();
  }

  @Test
  void theFutureAnswersFailsAndIsCancelled() throws Exception {
    ChatModel delegate = saying("bad", "good");
    WeakToStrongChatModel model = guided(delegate).build();
    ChatRequest request = asking("?").build();
    CompletableFuture<ChatResponse> answered = model.doChatAsync(request);
    assertThat(answered.get().aiMessage().text()).isEqualTo("good");
    assertThat(answered.cancel(true)).as("it came before").isFalse();

    RuntimeException broken = new IllegalStateException("no answer");
    WeakToStrongChatModel failing =
        guided(
                new ScriptedChatModel(
                    call -> {
                      throw broken;
                    }))
            .build();
    assertThat(failing.doChatAsync(request))
        .failsWithin(java.time.Duration.ofMinutes(1))
        .withThrowableThat()
        .havingCause()
        .isSameAs(broken);

    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    WeakToStrongChatModel slow =
        guided(
                new ScriptedChatModel(
                    call -> {
                      calls.incrementAndGet();
                      called.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        interrupted.countDown();
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException(e);
                      }
                      return text("never");
                    }))
            .build();
    CompletableFuture<ChatResponse> future = slow.doChatAsync(request);
    called.await();
    assertThat(future.cancel(true)).isTrue();
    interrupted.await();
    assertThat(future).isCancelled();
    assertThat(calls).hasValue(1);
  }

  @Test
  void aRequestMayBringAGuardOfItsOwn() {
    Guard last =
        (contenders, places) -> List.of(contenders.get(contenders.size() - 1).hypothesis());
    ChatModel model = guided(saying("bad", "good film", "good good film", "so so")).build();
    ChatRequest guarded = asking("?").parameters(parameters().guard(last).build()).build();
    assertThat(model.chat(guarded).aiMessage().text()).isEqualTo("so so");
  }

  @Test
  void allListenersAreTold() {
    AtomicInteger rounds = new AtomicInteger();
    SearchListener listener = round -> rounds.incrementAndGet();
    guided(saying("good")).listener(listener).listener(listener).build().chat("?");
    assertThat(rounds).hasValue(2);
  }

  @Test
  void tellsTheListenerOfItsSearch() {
    AtomicInteger rounds = new AtomicInteger();
    SearchListener listener = round -> rounds.incrementAndGet();
    guided(saying("good")).listener(listener).build().chat("?");
    assertThat(rounds).hasValue(1);
  }
}
