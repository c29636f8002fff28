// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.w2s.testkit.CompletionsWorld;
import dev.w2s.testkit.CompletionsWorld.Temperament;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The frozen model behind a server. */
class RemoteBaseTest {
  private final AtomicInteger healthy = new AtomicInteger(Integer.MAX_VALUE);
  private CompletionsWorld world = new CompletionsWorld();
  private HttpServer server;

  private String start(Temperament... ways) throws IOException {
    world = new CompletionsWorld(ways);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/completions", this::answer);
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    CompletionsWorld.Answer answer =
        healthy.getAndDecrement() > 0
            ? world.answer(body)
            : new CompletionsWorld.Answer(400, "{\"error\": {\"message\": \"no more\"}}");
    byte[] bytes = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static Call generate(String url, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--base-url=" + url));
    args.addAll(List.of("--base-model=base", "--prompt=This movie was", "--max-tokens=12"));
    args.addAll(List.of("--tuned=" + Golden.TUNED, "--untuned=" + Golden.UNTUNED, "-W2", "-K3"));
    args.addAll(List.of(more));
    return Call.of(args.toArray(String[]::new));
  }

  @Test
  void aRoundIsOneRequestAndOnlyWhatIsSaidIsSent() throws IOException {
    Call call = generate(start(), "--seed=3", "--json", "--template=A review. {{prompt}}");
    assertThat(call.err()).isEmpty();
    JsonNode json = Golden.parse(call.out());
    assertThat(json.get("text").asText()).matches("( [a-z])+");
    int rounds = json.get("rounds").size();
    assertThat(json.at("/usage/http_requests").asInt()).isEqualTo(rounds);
    assertThat(json.at("/usage/fallbacks").asInt()).isZero();
    assertThat(json.at("/usage/dropped").asInt()).isZero();
    assertThat(world.requests()).hasSize(rounds);
    JsonNode first = world.requests().get(0);
    assertThat(first.get("prompt").asText()).isEqualTo("A review. This movie was");
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "model", "prompt", "n", "max_tokens", "seed", "return_token_ids");
    Call again = generate(start(), "--seed=3", "--template=A review. {{prompt}}");
    assertThat(again.out()).isEqualTo(json.get("text").asText() + System.lineSeparator());
  }

  @Test
  void whatIsSaidOfSamplingIsSent() throws IOException {
    generate(start(), "--temperature=0.7", "--top-p=0.9", "--top-k=40");
    JsonNode first = world.requests().get(0);
    assertThat(first.get("temperature").asDouble()).isEqualTo(0.7);
    assertThat(first.get("top_p").asDouble()).isEqualTo(0.9);
    assertThat(first.get("top_k").asInt()).isEqualTo(40);
    assertThat(first.has("seed")).isFalse();
  }

  @Test
  void aServerThatTakesLessIsAskedInParts() throws IOException {
    Call call = generate(start(Temperament.REFUSES_MORE_THAN_TWO), "--json");
    JsonNode json = Golden.parse(call.out());
    assertThat(json.at("/usage/fallbacks").asInt()).isPositive();
    assertThat(json.at("/usage/dropped").asInt()).isZero();
  }

  @Test
  void withABestSoFarItIsPrintedWithOneWarning() throws IOException {
    String url = start();
    healthy.set(1);
    Call call = generate(url, "--seed=2");
    assertThat(call.code()).isZero();
    assertThat(call.out().strip()).isNotEmpty();
    assertThat(call.errLines())
        .singleElement()
        .asString()
        .matches(
            "w2s: the best so far, of \\d tokens: " + url + "/completions gave status 400: .*");
  }

  @Test
  void withNothingItIsAnError() throws IOException {
    String url = start();
    healthy.set(0);
    Call call = generate(url);
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.out()).isEmpty();
    assertThat(call.errLines()).singleElement().asString().contains("no more");
  }

  @Test
  void whatDoesNotGoTogetherIsAnErrorOfUsage() {
    assertUsage("--base is needed, or --base-url", "--prompt=x");
    assertUsage("--base-model is needed", "--prompt=x", "--base-url=http://a/v1");
    assertUsage(
        "--base-url is 'http://a/v1'; beside --base",
        "--prompt=x",
        "--base=b",
        "--base-url=http://a/v1");
    assertUsage(
        "--base-model is 'm'; without --base-url", "--prompt=x", "--base=b", "--base-model=m");
    assertUsage("--api-key-env is 'K'; without", "--prompt=x", "--base=b", "--api-key-env=K");
    String[] remote = {"--base-url=a/v1", "--base-model=m"};
    assertUsage("--base-url: baseUrl is 'a/v1'", "--prompt=x", remote[0], remote[1]);
  }

  private static void assertUsage(String message, String... args) {
    List<String> all = new ArrayList<>(List.of("generate", "--method=base"));
    all.addAll(List.of(args));
    Call call = Call.of(all.toArray(String[]::new));
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.errLines().get(0)).contains(message);
  }

  /** The requests of eight searches, twice, and once more by themselves. */
  @Test
  void theBenchSetsSearchesBesideTheirRequests() throws IOException {
    Call call = Call.of("bench", "--base-url=" + start(), "--base-model=base", "--tokens=10");
    assertThat(call.err()).isEmpty();
    assertThat(call.out()).containsPattern("median: \\d+\\.\\d\\d times a bare client");
    assertThat(world.requests().size() % 3).isZero();
    Call wrong = Call.of("bench", "--base-model=base");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--base-model is 'base'; without --base-url");
  }

  @Test
  void aKeyThatIsNotThereIsNamed() {
    Call call = generate("http://127.0.0.1:1/v1", "--api-key-env=W2S_NO_SUCH_KEY");
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines().get(0)).contains("--api-key-env is 'W2S_NO_SUCH_KEY'");
  }
}
