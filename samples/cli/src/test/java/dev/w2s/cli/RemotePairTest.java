// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.w2s.guidance.PairScore;
import dev.w2s.guidance.PairSession;
import dev.w2s.guidance.RemoteModel;
import dev.w2s.guidance.RemotePair;
import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.TokenizerDirectory;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A pair of models behind a server, whose log-probabilities follow a formula. */
class RemotePairTest {
  private static final int LONGEST = 60;

  /** What a server may do. */
  enum Way {
    PROMPT_LOGPROBS,
    ECHO,
    ECHO_AND_ONE,
    IGNORES,
    NULL_INSIDE,
    ONE_TOO_FEW,
    NOT_FINITE,
    ALWAYS_THE_SAME,
    FAILS_WITH_MANY,
    FAILS
  }

  private final Set<Way> ways = EnumSet.of(Way.PROMPT_LOGPROBS);
  private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicReference<CyclicBarrier> together = new AtomicReference<>();
  private HttpServer server;
  private String url;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/completions", this::answer);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void is(Way way) {
    ways.clear();
    ways.add(way);
    if (!EnumSet.of(Way.ECHO, Way.ECHO_AND_ONE, Way.IGNORES).contains(way)) {
      ways.add(Way.PROMPT_LOGPROBS);
    }
  }

  /** Of a token behind another one, nats. */
  private static double nats(String model, int before, int token) {
    int seed = model.equals("tuned") ? 31 : 37;
    return -((token * seed + before * 17) % 1000) / 250.0 - 0.001;
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = JsonMapper.builder().build().readTree(exchange.getRequestBody());
    requests.add(request);
    await(together.get());
    JsonNode prompts = request.get("prompt");
    int longest = 0;
    for (JsonNode prompt : prompts) {
      longest = Math.max(longest, prompt.size());
    }
    boolean echo = request.path("echo").asBoolean();
    int status = 200;
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (ways.contains(Way.FAILS) || (ways.contains(Way.FAILS_WITH_MANY) && prompts.size() > 2)) {
      status = 500;
      answer.put("message", "EngineCore died");
    } else if (longest > LONGEST) {
      status = 400;
      answer.put("message", "This model's maximum context length is 60 tokens");
    } else if (echo && request.path("max_tokens").asInt() == 0 && ways.contains(Way.ECHO_AND_ONE)) {
      status = 400;
      answer.put("message", "max_tokens must be at least 1");
    } else {
      ArrayNode choices = answer.putArray("choices");
      for (JsonNode prompt : prompts) {
        ObjectNode choice = choices.addObject().put("index", choices.size() - 1).put("text", "x");
        answer(choice, prompt, request, echo);
      }
    }
    byte[] bytes = answer.toString().getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      if (barrier != null) {
        barrier.await(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  /** Each is answered only once the other has been asked. */
  @Test
  void bothModelsAreAskedAtATime() {
    try (TokenizerDirectory directory = TokenizerDirectory.open(Golden.TUNED);
        PairSession session = pair(directory).openSession(Prompt.of("This movie was"))) {
      together.set(new CyclicBarrier(2));
      assertThat(session.score(RESPONSES)).hasSameSizeAs(RESPONSES);
    }
  }

  private void answer(ObjectNode choice, JsonNode prompt, JsonNode request, boolean echo) {
    boolean echoes = ways.contains(Way.ECHO) || ways.contains(Way.ECHO_AND_ONE);
    ArrayNode list;
    if (echo && echoes) {
      list = choice.putObject("logprobs").putArray("token_logprobs");
    } else if (request.has("prompt_logprobs") && ways.contains(Way.PROMPT_LOGPROBS)) {
      list = choice.putArray("prompt_logprobs");
    } else {
      return;
    }
    list.addNull();
    for (int i = 1; i < prompt.size(); i++) {
      int token = prompt.get(i).intValue();
      double nats = nats(request.path("model").asText(), prompt.get(i - 1).intValue(), token);
      if (echo) {
        list.add(nats);
      } else if (ways.contains(Way.NULL_INSIDE) && i == 2) {
        list.addNull();
      } else {
        ObjectNode entry = list.addObject().putObject(String.valueOf(token));
        entry.put("logprob", ways.contains(Way.ALWAYS_THE_SAME) ? -1 : nats);
        if (ways.contains(Way.NOT_FINITE) && i == 2) {
          entry.put("logprob", "NaN");
        }
      }
    }
    if (ways.contains(Way.ONE_TOO_FEW)) {
      list.remove(list.size() - 1);
    }
    if (echo && request.path("max_tokens").asInt() == 1) {
      list.add(-9);
    }
  }

  private RemoteModel model(String name) {
    // Twice, since the JDK's server may close a kept connection while the client sends on it.
    RetryPolicy twice = new RetryPolicy(2, Duration.ZERO, Duration.ZERO);
    return RemoteModel.builder().baseUrl(url).modelName(name).retries(twice).build();
  }

  private RemotePair pair(TokenizerDirectory tokenizer) {
    return RemotePair.builder()
        .tuned(model("tuned"), PromptOptions.defaults())
        .untuned(model("untuned"), PromptOptions.defaults())
        .tokenizer(tokenizer)
        .connect();
  }

  /** By the definition: the tokens behind those that prompt and response share with the prompt. */
  private static double expected(
      TokenizerDirectory directory, String model, String prompt, Response response) {
    TokenIds alone = directory.tokenizer().encode(prompt, true);
    TokenIds all = directory.tokenizer().encode(prompt + response.text(), true);
    double sum = 0;
    for (int i = Math.max(1, alone.commonPrefix(all)); i < all.size(); i++) {
      sum += nats(model, all.get(i - 1), all.get(i));
    }
    if (!response.ended()) {
      return sum;
    }
    int last = all.get(all.size() - 1);
    double end =
        directory.eosTokens().stream().mapToDouble(e -> Math.exp(nats(model, last, e))).sum();
    return sum + Math.log(end);
  }

  private static final List<Response> RESPONSES =
      List.of(
          new Response(" a good one", true),
          new Response(" a good one", false),
          new Response("", false),
          new Response("", true),
          new Response(" déjà vu 🙂", false));

  @ParameterizedTest
  @EnumSource(names = {"PROMPT_LOGPROBS", "ECHO", "ECHO_AND_ONE"})
  void scoresFollowTheDefinition(Way way) {
    is(way);
    try (TokenizerDirectory named = TokenizerDirectory.open(Golden.TUNED)) {
      // A model with several ending tokens ends with the probability of any of them.
      for (List<Integer> ends : List.of(named.eosTokens(), List.of(3, 7, 11))) {
        TokenizerDirectory directory = new TokenizerDirectory(named.tokenizer(), ends);
        try (PairSession session = pair(directory).openSession(Prompt.of("This movie was"))) {
          int before = requests.size();
          List<PairScore> scores = session.score(RESPONSES);
          assertThat(requests).as("one request a model").hasSize(before + 2);
          for (int i = 0; i < scores.size(); i++) {
            Response response = RESPONSES.get(i);
            assertThat(scores.get(i).tuned())
                .isCloseTo(expected(directory, "tuned", "This movie was", response), within(1e-9));
            assertThat(scores.get(i).untuned())
                .isCloseTo(
                    expected(directory, "untuned", "This movie was", response), within(1e-9));
          }
          assertThat(session.tokensRun()).isPositive();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "IGNORES, log-probabilities of 0 tokens to 3 tokens of a prompt",
    "NULL_INSIDE, no log-probability of token 2 of a prompt",
    "ONE_TOO_FEW, log-probabilities of 2 tokens to 3 tokens of a prompt",
    "NOT_FINITE, no log-probability of token 2 of a prompt",
    "ALWAYS_THE_SAME, it gave the same sum for two different texts"
  })
  void aServerThatCannotTellIsNamedAtOnce(Way way, String why) {
    is(way);
    try (TokenizerDirectory directory = TokenizerDirectory.open(Golden.TUNED)) {
      assertThatThrownBy(() -> pair(directory))
          .isInstanceOf(ServerException.class)
          .hasMessageStartingWith(url + "#tuned returns no log-probabilities of prompts: ")
          .hasMessageContaining(why);
    }
  }

  @Test
  void anEngineThatDiesOfManyTextsIsAskedInHalves() {
    is(Way.FAILS_WITH_MANY);
    try (TokenizerDirectory directory = TokenizerDirectory.open(Golden.TUNED);
        PairSession session = pair(directory).openSession(Prompt.of("This movie was"))) {
      assertThat(session.score(RESPONSES.subList(0, 4))).hasSize(4);
      is(Way.FAILS);
      assertThatThrownBy(() -> session.score(RESPONSES))
          .hasMessageContaining("EngineCore died")
          .hasMessageContaining("--max-num-batched-tokens");
    }
  }

  @Test
  void aBudgetOfTokensSplitsARound() {
    RemoteModel small =
        RemoteModel.builder().baseUrl(url).modelName("tuned").tokenBudget(12).build();
    try (TokenizerDirectory directory = TokenizerDirectory.open(Golden.TUNED)) {
      RemotePair pair =
          RemotePair.builder()
              .tuned(small, PromptOptions.defaults())
              .untuned(model("untuned"), PromptOptions.defaults())
              .tokenizer(directory)
              .connect();
      try (PairSession session = pair.openSession(Prompt.of("This movie was"))) {
        int before = requests.size();
        session.score(RESPONSES);
        assertThat(requests.subList(before, requests.size()))
            .hasSizeGreaterThan(3)
            .filteredOn(request -> request.get("model").asText().equals("tuned"))
            .allSatisfy(
                request -> {
                  int tokens = 0;
                  for (JsonNode prompt : request.get("prompt")) {
                    tokens += prompt.size();
                  }
                  assertThat(request.get("prompt").size() == 1 || tokens <= 12).isTrue();
                });
      }
    }
  }

  @Test
  void whatIsTooLongForTheServerIsLeftOutAlone() {
    try (TokenizerDirectory directory = TokenizerDirectory.open(Golden.TUNED);
        CandidateScorer scorer = pair(directory).open(Prompt.of("This movie was"))) {
      double[] scores =
          scorer.score(
              List.of(
                  new Candidate(" good", 1, Candidate.Status.OPEN),
                  new Candidate(" good".repeat(80), 80, Candidate.Status.OPEN)));
      assertThat(scores[0]).isFinite();
      assertThat(scores[1]).isNaN();
    }
  }

  /** One local, one remote. */
  @Test
  void aLocalModelMayBeOneOfTheTwo() {
    try (TokenizerDirectory directory = TokenizerDirectory.open(Golden.TUNED);
        CausalModel local = CausalModel.load(Golden.UNTUNED, Placement.AUTO)) {
      RemotePair pair =
          RemotePair.builder()
              .tuned(model("tuned"), PromptOptions.defaults())
              .untuned(local, PromptOptions.defaults())
              .tokenizer(directory)
              .connect();
      Prompt prompt = Prompt.of("This movie was");
      try (PairSession session = pair.openSession(prompt);
          ScoringSession alone = local.openScoring(Rendered.raw("This movie was"))) {
        List<PairScore> scores = session.score(RESPONSES);
        assertThat(scores.get(0).tuned())
            .isCloseTo(
                expected(directory, "tuned", "This movie was", RESPONSES.get(0)), within(1e-9));
        assertThat(scores.get(0).untuned())
            .isCloseTo(alone.score(RESPONSES).get(0).logProbability(), within(1e-3));
      }
    }
  }

  @Test
  void onTheCommandLine() throws IOException {
    Path file = Files.createTempFile("responses", ".jsonl");
    Files.writeString(file, "{\"text\": \" a good one\", \"ended\": true}\n");
    Call call =
        Call.of(
            "score",
            "--tuned=" + url + "#tuned",
            "--untuned=" + url + "#untuned",
            "--pair-tokenizer=" + Golden.TUNED,
            "--prompt=This movie was",
            "--responses=" + file);
    assertThat(call.err()).isEmpty();
    try (TokenizerDirectory directory = TokenizerDirectory.open(Golden.TUNED)) {
      assertThat(Golden.parse(call.out()).get("tuned").asDouble())
          .isCloseTo(
              expected(directory, "tuned", "This movie was", RESPONSES.get(0)), within(1e-9));
    }
    Call guided =
        Call.of(
            "generate",
            "--base=" + Golden.BASE,
            "--tuned=" + url + "#tuned",
            "--untuned=" + url + "#untuned",
            "--pair-tokenizer=" + Golden.TUNED,
            "--prompt=This movie was",
            "--max-tokens=10",
            "--json");
    assertThat(guided.code()).as(guided.err()).isZero();
    assertThat(Golden.parse(guided.out()).at("/usage/scored_tokens").asInt()).isPositive();
  }

  @Test
  void whatDoesNotGoTogetherIsAnErrorOfUsage() {
    String remote = "--tuned=http://a/v1#m";
    assertUsage("--pair-tokenizer is needed", remote, "--untuned=x");
    assertUsage("--tuned is 'http://a/v1'; a model behind", "--tuned=http://a/v1", "--untuned=x");
    assertUsage("--untuned is 'http://a/v1#'; a model", "--tuned=x", "--untuned=http://a/v1#");
    assertUsage(
        "--pair-tokenizer is 'y'; without", "--tuned=x", "--untuned=z", "--pair-tokenizer=y");
    assertUsage("--pair-api-key-env is 'y'", "--tuned=x", "--untuned=z", "--pair-api-key-env=y");
  }

  private static void assertUsage(String message, String... args) {
    List<String> all = new ArrayList<>(List.of("generate", "--base=b", "--prompt=x"));
    all.addAll(List.of(args));
    Call call = Call.of(all.toArray(String[]::new));
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.errLines().get(0)).contains(message);
  }
}
