// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairScore;
import dev.w2s.guidance.PairSession;
import dev.w2s.guidance.RemoteModel;
import dev.w2s.guidance.RemotePair;
import dev.w2s.guidance.ResponseScorer;
import dev.w2s.guidance.RewardModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.testkit.StreamedChat;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against engines that run: {@code -Dtest=RealServersSuite -Dw2s.servers=URL#MODEL,URL#MODEL}, and
 * {@code -Dw2s.tuned=URL#MODEL} for one that serves the embedded tuned model. No part of the build.
 */
class RealServersSuite {
  private static final String TUNED = "embedded:movie-reviews/tuned";
  private static final String UNTUNED = "embedded:movie-reviews/untuned";
  private static final int TOKENS = 20;
  private static final List<String> PROMPTS =
      List.of(
          "This movie was",
          "The acting in this film",
          "I watched it last night and",
          "The director of the film",
          "What I remember is",
          "The story of the movie",
          "After two hours in the cinema",
          "My friends say that the film");

  private static GuidancePair pair;
  private static RewardModel judge;

  @BeforeAll
  static void load() {
    pair = GuidancePair.load(TUNED, UNTUNED);
    judge = RewardModel.load("embedded:movie-reviews/gold", "POSITIVE");
  }

  @AfterAll
  static void close() {
    pair.close();
    judge.close();
  }

  /** Where a property names none, there is one that is empty, and the reason is printed. */
  static Stream<String> servers() {
    return Arrays.stream(System.getProperty("w2s.servers", "").split(","));
  }

  private static OpenAiCompatible.Builder server(String name) {
    require("w2s.servers", name);
    return OpenAiCompatible.builder()
        .baseUrl(name.substring(0, name.indexOf('#')))
        .modelName(name.substring(name.indexOf('#') + 1))
        .timeout(Duration.ofMinutes(5));
  }

  private static RemoteModel remote(String name) {
    require("w2s.tuned", name);
    return RemoteModel.builder()
        .baseUrl(name.substring(0, name.indexOf('#')))
        .modelName(name.substring(name.indexOf('#') + 1))
        .build();
  }

  /** A short answer to a question, guided by the embedded pair. */
  private static WeakToStrongChatResponse answer(WeakToStrongChatModel.Builder builder) {
    return (WeakToStrongChatResponse) builder.pair(pair).maxTokens(TOKENS).build().chat(question());
  }

  private static void require(String property, String name) {
    if (name.isEmpty()) {
      System.out.println("skipped: property " + property + " names no server, as URL#MODEL");
    }
    assumeTrue(!name.isEmpty(), "property " + property + " names no server");
  }

  private static void tell(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }

  private static WeakToStrongLanguageModel guided(OpenAiCompatible large, long seed) {
    return WeakToStrongLanguageModel.builder()
        .largeModel(large)
        .pair(pair)
        .maxTokens(TOKENS)
        .temperature(0.7)
        .seed(seed)
        .build();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void completionsTakeOneRequestARound(String name) {
    OpenAiCompatible large = server(name).build();
    guided(large, 1).search(PROMPTS.get(0));
    long before = large.httpRequests();
    SearchResult first = guided(large, 2).search(PROMPTS.get(0));
    long requests = large.httpRequests() - before;
    SearchResult again = guided(large, 2).search(PROMPTS.get(0));
    boolean same = again.best().candidate().text().equals(first.best().candidate().text());
    assertThat(first.failure()).isNull();
    assertThat(first.usage().dropped()).isZero();
    // Engines promise it, but caches and batches may round otherwise the second time.
    tell(
        "%s: completions, %d rounds, %d requests, %s text under the same seed",
        name, first.rounds(), requests, same ? "the same" : "another");
  }

  @ParameterizedTest
  @MethodSource("servers")
  void guidancePays(String name) {
    OpenAiCompatible large = server(name).build();
    double gain = 0;
    double unguided = 0;
    for (int i = 0; i < PROMPTS.size(); i++) {
      Prompt prompt = Prompt.of(PROMPTS.get(i));
      String base =
          WeakToStrongLanguageModel.builder()
              .largeModel(large)
              .settings(SearchSettings.plainSampling().withMaxTokens(TOKENS))
              .temperature(0.7)
              .seed((long) i)
              .build()
              .search(PROMPTS.get(i))
              .best()
              .candidate()
              .text();
      String better = guided(large, i).search(PROMPTS.get(i)).best().candidate().text();
      double[] rewards = new ResponseScorer(judge, false).score(prompt, List.of(base, better));
      unguided += rewards[0] / PROMPTS.size();
      gain += (rewards[1] - rewards[0]) / PROMPTS.size();
    }
    tell("%s: reward %+.2f nats unguided, guided %+.2f more", name, unguided, gain);
    assertThat(gain).isPositive();
  }

  private static ChatRequest question() {
    return ChatRequest.builder()
        .messages(
            SystemMessage.from("You are a film critic."),
            UserMessage.from("Write one sentence about a movie."))
        .build();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void chatIsRenderedAndContinuedExactly(String name) throws InterruptedException {
    OpenAiCompatible large = server(name).seed(3L).build();
    WeakToStrongChatResponse response = answer(WeakToStrongChatModel.builder().largeModel(large));
    assertThat(response.aiMessage().text()).isNotBlank();
    tell(
        "%s: chat, %d rounds, %d requests, %d fallbacks",
        name, response.result().rounds(), large.httpRequests(), large.fallbacks());
    StreamedChat streamed = new StreamedChat();
    WeakToStrongStreamingChatModel.builder()
        .largeModel(large)
        .pair(pair)
        .maxTokens(TOKENS)
        .build()
        .chat(question(), streamed);
    assertThat(streamed.await().aiMessage().text()).isEqualTo(streamed.text());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void everyContinuationComesToAnAnswer(String name) {
    for (Continuation way :
        List.of(
            Continuation.PREFILL,
            Continuation.CONTINUE_FINAL,
            Continuation.PREFIX,
            Continuation.INSTRUCTION,
            Continuation.WHOLE)) {
      OpenAiCompatible large = server(name).continuation(way).build();
      WeakToStrongChatResponse response = answer(WeakToStrongChatModel.builder().largeModel(large));
      assertThat(response.aiMessage().text()).isNotBlank();
      tell(
          "%s: %s, %d rounds, %d requests, %d fallbacks: %s",
          name,
          way,
          response.result().rounds(),
          large.httpRequests(),
          large.fallbacks(),
          response.aiMessage().text().replace("\n", "\\n"));
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aLangChain4jModelFindsOutHowItGoesOn(String name) {
    require("w2s.servers", name);
    OpenAiChatModel delegate =
        OpenAiChatModel.builder()
            .baseUrl(name.substring(0, name.indexOf('#')))
            .modelName(name.substring(name.indexOf('#') + 1))
            .apiKey("none")
            .httpClientBuilder(
                JdkHttpClient.builder()
                    .httpClientBuilder(
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)))
            .timeout(Duration.ofMinutes(5))
            .build();
    WeakToStrongChatResponse response =
        answer(WeakToStrongChatModel.builder().delegate(delegate).continuation(Continuation.AUTO));
    assertThat(response.aiMessage().text()).isNotBlank();
    tell(
        "%s: OpenAiChatModel, %d rounds, %d calls: %s",
        name,
        response.result().rounds(),
        response.result().usage().calls(),
        response.aiMessage().text().replace("\n", "\\n"));
  }

  @Test
  void aRemotePairScoresAsOneInThisProcess() {
    String name = System.getProperty("w2s.tuned", "");
    RemoteModel remote = remote(name);
    List<Response> responses =
        List.of(
            new Response(" a good one, and the end was wonderful.", true),
            new Response(" a good one, and the end", false),
            new Response("", true),
            new Response(" déjà vu 🙂 — dull", false));
    try (TokenizerDirectory directory = TokenizerDirectory.open(TUNED);
        CausalModel untuned = CausalModel.load(UNTUNED, Placement.AUTO)) {
      RemotePair mixed =
          RemotePair.builder()
              .tuned(remote, PromptOptions.defaults())
              .untuned(untuned, PromptOptions.defaults())
              .tokenizer(directory)
              .connect();
      double worst = 0;
      for (String text : PROMPTS) {
        try (PairSession there = mixed.openSession(Prompt.of(text));
            PairSession here = pair.openSession(Prompt.of(text))) {
          List<PairScore> remotely = there.score(responses);
          List<PairScore> locally = here.score(responses);
          for (int i = 0; i < responses.size(); i++) {
            double off = remotely.get(i).logRatio() - locally.get(i).logRatio();
            worst = Math.max(worst, Math.abs(off));
          }
        }
      }
      tell("%s: tuned model remote, largest difference of a score %.1e nats", name, worst);
      assertThat(worst).isCloseTo(0, within(1e-3));
    }
  }

  @Test
  void theOrderOfABatchDoesNotMatter() {
    String name = System.getProperty("w2s.tuned", "");
    RemoteModel remote = remote(name);
    List<Response> forth =
        Stream.of(" good", " bad", " good and long, with an end.")
            .map(text -> new Response(text, false))
            .toList();
    List<Response> back = List.of(forth.get(2), forth.get(1), forth.get(0));
    try (TokenizerDirectory directory = TokenizerDirectory.open(TUNED)) {
      RemotePair both =
          RemotePair.builder()
              .tuned(remote, PromptOptions.defaults())
              .untuned(remote, PromptOptions.defaults().withSystem("No. "))
              .tokenizer(directory)
              .connect();
      try (PairSession session = both.openSession(Prompt.of(PROMPTS.get(1)))) {
        double first = session.score(forth).get(0).tuned();
        double last = session.score(back).get(2).tuned();
        double again = session.score(forth).get(0).tuned();
        tell("%s: order of a batch %.1e, again %.1e nats", name, last - first, again - first);
        assertThat(last).isCloseTo(first, within(1e-3));
        assertThat(again).isCloseTo(first, within(1e-3));
      }
    }
  }
}
