// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.guidance.Guide;
import dev.w2s.search.Candidate;
import dev.w2s.search.SearchResult;
import dev.w2s.search.StopReason;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerException;
import dev.w2s.testkit.CompletionsWorld;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole searches over a real connection. */
class OpenAiCompatibleTest {
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
    assertRefused(remote().timeout(Duration.ZERO), "timeout is PT0S; it must be positive");
    assertThatThrownBy(() -> remote().promptTemplate("no variable"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{{prompt}}");
    assertThat(remote().build())
        .hasToString("http://127.0.0.1:" + server.getAddress().getPort() + "/v1#base");
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
}
