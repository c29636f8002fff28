// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.guidance.Guide;
import dev.w2s.model.Golden;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Turn;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.Budget;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SearchResult;
import dev.w2s.search.StopReason;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerException;
import dev.w2s.server.Transport.Reply;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.ChatWorld.Temperament;
import dev.w2s.testkit.CompletionsWorld;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole searches over a real connection, and what is sent for what is asked. */
class OpenAiCompatibleTest {
  private static final SamplingRequest UP_TO_NINE =
      SamplingRequest.defaults().within(9, Budget.NO_TIME_LIMIT);
  private static final ChatRequest QUESTION =
      ChatRequest.builder().messages(UserMessage.from("How was it?")).build();

  private final CompletionsWorld world = new CompletionsWorld();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger(Integer.MAX_VALUE);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/completions", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    if (busy.getAndDecrement() > 0) {
      exchange.getResponseHeaders().add("Retry-After", "0");
      send(exchange, new CompletionsWorld.Answer(429, "busy"));
    } else if (failing.getAndDecrement() <= 0) {
      send(exchange, new CompletionsWorld.Answer(500, "out of memory"));
    } else {
      send(exchange, world.answer(body));
    }
  }

  private static void send(HttpExchange exchange, CompletionsWorld.Answer answer)
      throws IOException {
    byte[] bytes = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private OpenAiCompatible.Builder remote() {
    return OpenAiCompatible.builder()
        .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/")
        .modelName("base")
        .apiKey("secret")
        .retries(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofSeconds(1)))
        .promptTemplate("A review. {{prompt}}")
        .seed(5L);
  }

  /** Likes the letter e. */
  private static WeakToStrongLanguageModel guided(OpenAiCompatible remote) {
    Guide likesE = Guide.of((prompt, text) -> text.chars().filter(c -> c == 'e').count());
    return WeakToStrongLanguageModel.builder()
        .largeModel(remote)
        .guide("e", likesE, 1)
        .beamWidth(2)
        .successors(3)
        .chunkLength(4)
        .maxTokens(12)
        .build();
  }

  @Test
  void aSearchIsOneRequestARound() {
    OpenAiCompatible remote = remote().build();
    SearchResult result = guided(remote).search("This movie was");

    assertThat(remote.httpRequests()).isEqualTo(result.rounds()).isEqualTo(world.requests().size());
    assertThat(result.usage().calls()).isEqualTo(result.rounds());
    Candidate best = result.best().candidate();
    assertThat(best.text()).matches("( [a-z])+");
    assertThat(result.best().score())
        .isEqualTo((double) best.text().chars().filter(c -> c == 'e').count());
    assertThat(keys).containsOnly("Bearer secret");
    for (JsonNode request : world.requests()) {
      JsonNode prompt = request.get("prompt");
      String first = prompt.isArray() ? prompt.get(0).asText() : prompt.asText();
      assertThat(first).startsWith("A review. This movie was");
    }
    assertThat(guided(remote).search("This movie was").best().candidate()).isEqualTo(best);
  }

  @Test
  void aBusyServerIsAskedAgain() {
    busy.set(2);
    OpenAiCompatible remote = remote().build();
    SearchResult result = guided(remote).search("This movie was");
    assertThat(result.failure()).isNull();
    assertThat(remote.httpRequests()).isEqualTo(result.rounds() + 2);
    assertThat(result.usage().calls()).isEqualTo(result.rounds());
  }

  @Test
  void aServerThatFailsLaterLeavesTheBestSoFar() {
    failing.set(1);
    SearchResult result = guided(remote().build()).search("This movie was");
    assertThat(result.rounds()).isOne();
    assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
    assertThat(result.failure()).isInstanceOf(ServerException.class).hasMessageContaining("500");
    assertThat(result.best().candidate().text()).isNotEmpty();
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    server.stop(0);
    assertThatThrownBy(() -> guided(remote().build()).search("This movie was"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("http://127.0.0.1:")
        .hasMessageContaining("/v1/completions gave no answer");
  }

  @Test
  void whatIsMissingOrWrongIsNamed() {
    assertRefused(OpenAiCompatible.builder().modelName("m"), "baseUrl is missing");
    assertRefused(OpenAiCompatible.builder().baseUrl("http://a/v1"), "modelName is missing");
    assertRefused(remote().modelName(" "), "modelName is missing");
    assertRefused(remote().baseUrl("a/v1"), "baseUrl is 'a/v1'");
    assertRefused(remote().concurrency(0), "concurrency is 0; it must be at least 1");
    assertRefused(remote().patience(0.99), "patience is 0.99; it must be at least 1");
    assertRefused(remote().patience(Double.NaN), "patience is NaN; it must be at least 1");
    assertRefused(remote().timeout(Duration.ZERO), "timeout is PT0S; it must be positive");
    assertThatThrownBy(() -> remote().promptTemplate("no variable"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{{prompt}}");
    assertThat(remote().build())
        .hasToString("http://127.0.0.1:" + server.getAddress().getPort() + "/v1#base");
  }

  @Test
  void theLeastThatIsAllowedIsTaken() {
    assertThatCode(() -> remote().concurrency(1).build()).doesNotThrowAnyException();
    assertThatCode(() -> remote().patience(1.0).build()).doesNotThrowAnyException();
  }

  @Test
  void aContinuationThatIsChosenHasNoMeaningBesideATokenizer() {
    try (ModelTokenizer tokenizer = tokenizer()) {
      OpenAiCompatible.Builder builder = remote().tokenizer(tokenizer, PromptOptions.defaults());
      assertRefused(
          builder.continuation(Continuation.PREFILL),
          "continuation is PREFILL; beside a tokenizer, which renders conversations");
      assertThatCode(builder.continuation(Continuation.AUTO)::build).doesNotThrowAnyException();
      assertThatCode(builder.continuation(null)::build).doesNotThrowAnyException();
    }
    assertThatCode(remote().continuation(Continuation.PREFILL)::build).doesNotThrowAnyException();
  }

  private static void assertRefused(OpenAiCompatible.Builder builder, String message) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void besideALargeModelNothingIsSetThatItWouldNotBeTold() {
    WeakToStrongLanguageModel.Builder builder =
        WeakToStrongLanguageModel.builder()
            .largeModel(remote().build())
            .guide("none", Guide.of((prompt, text) -> 0), 1);
    builder.build();
    assertBeside(builder.concurrency(2), "concurrency is 2");
    builder.concurrency(null);
    assertBeside(builder.promptTemplate("A {{prompt}}"), "promptFormat is ");
    builder.promptTemplate(null);
    assertBeside(builder.delegate(new SilentModel()), "delegate is ");
  }

  private static final class SilentModel implements LanguageModel {
    @Override
    public Response<String> generate(String prompt) {
      return Response.from("");
    }
  }

  private static void assertBeside(WeakToStrongLanguageModel.Builder wrong, String message) {
    assertThatThrownBy(wrong::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageContaining("beside a largeModel, " + OpenAiCompatible.class.getName());
  }

  private static ModelTokenizer tokenizer() {
    return ModelTokenizer.load(ModelFolder.of(Golden.directory("gpt2-odd")), 400);
  }

  private static ChatWorld chatting(Temperament... ways) {
    return new ChatWorld("It was a good movie.", new Random(5), ways);
  }

  private static ChatCall call(ChatRequest request, @Nullable Long seed) {
    return new ChatCall(request, ChatRequestOptions.EMPTY, seed, null);
  }

  /** A draw of one response of nine tokens at most. */
  private static List<DrawRequest> whole() {
    return List.of(new DrawRequest(Hypothesis.root(), 1, 9));
  }

  private static void draw(OpenAiCompatible model, Prompt prompt) {
    try (MeteredSampler sampler = model.open(prompt, UP_TO_NINE)) {
      sampler.sample(whole());
    }
  }

  private static void draw(OpenAiCompatible model, ChatCall call) {
    try (ChatSampler sampler = model.open(call)) {
      sampler.sample(whole());
    }
  }

  @Test
  void itsOwnTokenizerRendersAConversationAndTheServerIsSentTokens() {
    PromptOptions options =
        PromptOptions.defaults()
            .withChatTemplate("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}");
    try (ModelTokenizer tokenizer = tokenizer()) {
      OpenAiCompatible remote = remote().tokenizer(tokenizer, options).build();
      draw(remote, call(QUESTION, null));
      List<Integer> sent = new ArrayList<>();
      world.requests().get(0).get("prompt").forEach(token -> sent.add(token.intValue()));
      assertThat(sent)
          .isEqualTo(tokenizer.encode("<user>How was it?", /* addSpecialTokens= */ false).toList());
      assertThat(world.requests()).hasSize(1);
      assertThat(remote.fallbacks()).isZero();
    }
  }

  @Test
  void onlyWhereNoContinuationIsChosenTheServerIsAskedToRender() {
    ChatWorld rendering = chatting(Temperament.TOKENIZES);
    draw(Worlds.model(rendering).build(), call(QUESTION, null));
    draw(Worlds.model(rendering).continuation(Continuation.AUTO).build(), call(QUESTION, null));
    assertThat(rendering.requests().stream().map(OpenAiCompatibleTest::path))
        .containsExactly(
            "/tokenize",
            "/detokenize",
            "/v1/completions",
            "/tokenize",
            "/detokenize",
            "/v1/completions");
    ChatWorld chosen = chatting(Temperament.TOKENIZES);
    draw(Worlds.model(chosen).continuation(Continuation.INSTRUCTION).build(), call(QUESTION, null));
    assertThat(chosen.requests().stream().map(OpenAiCompatibleTest::path))
        .containsExactly("/v1/chat/completions");
  }

  private static String path(String request) {
    return request.substring(0, request.indexOf(' '));
  }

  private static JsonNode body(String request) {
    try {
      return JsonMapper.builder().build().readTree(request.substring(request.indexOf(' ')));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aChatIsToldRawTextInItsTemplateAndAConversationAsItIs() {
    ChatWorld chat = chatting();
    OpenAiCompatible model =
        Worlds.model(chat)
            .api(OpenAiCompatible.Api.CHAT)
            .continuation(Continuation.WHOLE)
            .promptTemplate("A review. {{prompt}}")
            .build();
    draw(model, Prompt.of("How was it?"));
    draw(
        model,
        new Prompt.Conversation(
            List.of(new Turn("system", "Be brief."), new Turn("user", "How was it?"))));
    assertThat(chat.requests().stream().map(OpenAiCompatibleTest::path))
        .containsExactly("/v1/chat/completions", "/v1/chat/completions");
    assertThat(body(chat.requests().get(0)).get("messages"))
        .hasToString("[{\"role\":\"user\",\"content\":\"A review. How was it?\"}]");
    assertThat(body(chat.requests().get(1)).get("messages"))
        .hasToString(
            "[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                + "{\"role\":\"user\",\"content\":\"How was it?\"}]");
  }

  @Test
  void theSeedOfACallComesBeforeTheModels() {
    ChatWorld chat = chatting();
    OpenAiCompatible.Builder builder = Worlds.model(chat).continuation(Continuation.WHOLE);
    draw(builder.seed(5L).build(), call(QUESTION, null));
    draw(builder.seed(null).build(), call(QUESTION, 5L));
    draw(builder.seed(7L).build(), call(QUESTION, 5L));
    draw(builder.seed(7L).build(), call(QUESTION, null));
    draw(builder.seed(null).build(), call(QUESTION, null));
    List<JsonNode> seeds =
        chat.requests().stream().map(request -> body(request).path("seed")).toList();
    assertThat(seeds.get(0).isIntegralNumber()).isTrue();
    assertThat(seeds.subList(1, 3)).containsOnly(seeds.get(0));
    assertThat(seeds.get(3)).isNotEqualTo(seeds.get(0));
    assertThat(seeds.get(4).isMissingNode()).isTrue();
  }

  @Test
  void whatTheServerIsNotAskedForIsRefused() {
    OpenAiCompatible model = Worlds.model(chatting()).build();
    ChatRequest.Builder tools = asking().toolSpecifications(specification());
    assertUnsupported(model, tools.build(), "tools");
    assertUnsupported(model, asking().toolChoice(ToolChoice.NONE).build(), "ToolChoice.NONE");
    assertUnsupported(model, asking().responseFormat(ResponseFormat.JSON).build(), "JSON");
    assertUnsupported(
        model,
        asking().modelName("other").build(),
        "modelName 'other' is not supported; this model is 'base' and no other");
    assertThatCode(() -> draw(model, call(asking().modelName("base").build(), null)))
        .doesNotThrowAnyException();
  }

  private static ToolSpecification specification() {
    return ToolSpecification.builder().name("look").build();
  }

  private static ChatRequest.Builder asking() {
    return ChatRequest.builder().messages(QUESTION.messages());
  }

  private static void assertUnsupported(
      OpenAiCompatible model, ChatRequest request, String message) {
    assertThatThrownBy(() -> model.open(call(request, null)))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({", true", "AUTO, true", "PREFILL, true", "INSTRUCTION, true", "WHOLE, false"})
  void responsesGrowUnlessWholeOnesAreChosen(@Nullable Continuation continuation, boolean grow) {
    OpenAiCompatible model = Worlds.model(chatting()).continuation(continuation).build();
    assertThat(model.growsResponses()).isEqualTo(grow);
  }

  /** Each of its parts finds out for itself what the server does not do. */
  @Test
  void fallbacksOfAllPartsAreAddedUp() {
    CompletionsWorld single = new CompletionsWorld(CompletionsWorld.Temperament.IGNORES_N);
    ChatWorld chat = chatting(Temperament.REFUSES_N);
    OpenAiCompatible model =
        remote()
            .retries(RetryPolicy.never())
            .transport(
                (uri, headers, body, timeout) -> {
                  CompletionsWorld.Answer answer =
                      uri.getPath().equals("/v1/completions")
                          ? single.answer(body)
                          : chat.answer(uri.getPath(), body);
                  return new Reply(answer.status(), "", answer.body());
                })
            .build();
    assertThat(model.fallbacks()).isZero();
    List<DrawRequest> two = List.of(new DrawRequest(Hypothesis.root(), 2, 5));
    try (MeteredSampler sampler = model.open(Prompt.of("How was it?"), UP_TO_NINE)) {
      sampler.sample(two);
    }
    assertThat(model.fallbacks()).as("one choice of a prompt").isOne();
    try (ChatSampler sampler = model.open(call(QUESTION, null))) {
      assertThat(model.fallbacks()).as("no rendering").isEqualTo(2);
      sampler.sample(two);
    }
    assertThat(model.fallbacks()).as("three ways to go on, and one choice").isEqualTo(6);
  }

  @Test
  void aCallThatIsNotGuidedIsSentWithTheModelsSeedAndToldItsName() {
    ChatWorld chat = chatting();
    ChatDelegate delegate = Worlds.model(chat).seed(5L).build().delegate();
    ChatResponse response =
        delegate.chat(asking().maxOutputTokens(3).build(), ChatRequestOptions.EMPTY);
    assertThat(body(chat.requests().get(0)))
        .hasToString(
            "{\"model\":\"base\",\"messages\":[{\"role\":\"user\",\"content\":\"How was it?\"}],"
                + "\"max_tokens\":3,\"seed\":5}");
    assertThat(response.modelName()).isEqualTo("base");
    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(20, 3));
    Worlds.model(chat).build().delegate().chat(QUESTION, ChatRequestOptions.EMPTY);
    assertThat(body(chat.requests().get(1)).has("seed")).isFalse();
  }

  @Test
  void aServersOwnChatDoesNotStreamAndTellsNoTokensItWasNotTold() {
    OpenAiCompatible model = Worlds.model(chatting(Temperament.NO_USAGE)).build();
    ChatDelegate delegate = model.delegate();
    assertThat(delegate.chat(QUESTION, ChatRequestOptions.EMPTY).tokenUsage()).isNull();
    assertThat(delegate.streams()).isFalse();
    assertThatThrownBy(
            () -> delegate.stream(QUESTION, ChatRequestOptions.EMPTY, new CollectingHandler()))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessage("http://a/v1#base does not stream");
  }
}
