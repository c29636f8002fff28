// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.gateway.UpstreamStub.Exchange;
import dev.w2s.gateway.admission.Admission;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The gateway in front of another server. */
class UpstreamGatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String KEY = "sk-here";
  private static final String UPSTREAM_KEY = "sk-there";
  private static final String TOOLS =
      "{\"model\":\"large+positive\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}],"
          + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"odd\":[1,2.50]}";

  private static UpstreamStub upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = new UpstreamStub();
    gateway = start(upstream);
  }

  private static Gateway start(UpstreamStub upstream) {
    return Gateway.start(
        "gateway.name=large",
        "gateway.upstream.base-url=" + upstream.url(),
        "gateway.upstream.model=theirs",
        "gateway.upstream.api-key=" + UPSTREAM_KEY,
        "gateway.upstream.concurrency=4",
        "gateway.keys=sk-other," + KEY,
        "gateway.limits.concurrency=1",
        "gateway.limits.queue=2",
        "langchain4j.w2s.pairs.positive.tuned=embedded:movie-reviews/tuned",
        "langchain4j.w2s.pairs.positive.untuned=embedded:movie-reviews/untuned");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  private static String chat(String model, String more) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]%s}"
        .formatted(model, more);
  }

  private static CompletableFuture<HttpResponse<String>> send(String path, String body) {
    return send(gateway, path, body);
  }

  private static CompletableFuture<HttpResponse<String>> send(
      Gateway gateway, String path, String body) {
    return gateway
        .client()
        .sendAsync(
            gateway.request(path, body).header("Authorization", "Bearer " + KEY).build(),
            BodyHandlers.ofString());
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void everyRequestNeedsAKeyButHealth() throws Exception {
    for (String header :
        List.of("Bearer sk-her", "Bearer sk-heree", "Bearer ", "Basic " + KEY, KEY)) {
      HttpResponse<String> refused = gateway.post(CHAT, chat("large", ""), "Authorization", header);
      assertThat(refused.statusCode()).as(header).isEqualTo(401);
      assertThat(Gateway.json(refused.body()).at("/error/code").asText())
          .isEqualTo("invalid_api_key");
    }
    assertThat(gateway.get("/v1/models").statusCode()).isEqualTo(401);
    assertThat(gateway.get("/metrics").statusCode()).isEqualTo(401);
    assertThat(gateway.get("/health/liveness").statusCode()).isEqualTo(200);
  }

  /** But for the model's name and the key, and what stands in w2s. */
  @Test
  void whatIsNotGuidedPassesAsItIs() throws Exception {
    CompletableFuture<HttpResponse<String>> response = send(CHAT, TOOLS);
    Exchange exchange = upstream.next();
    assertThat(exchange.http().getRequestURI().getPath()).isEqualTo("/v1/chat/completions");
    assertThat(exchange.header("Authorization")).isEqualTo("Bearer " + UPSTREAM_KEY);
    assertThat(exchange.body()).isEqualTo(TOOLS.replace("large+positive", "theirs"));
    String answer = "{\"choices\": [{\"message\": {\"tool_calls\": []}}],  \"more\": 1}";
    exchange.answer(200, "application/json", answer);
    assertThat(response.get().body()).isEqualTo(answer);
    assertThat(response.get().headers().firstValue("X-W2s-Guided")).hasValue("false");

    CompletableFuture<HttpResponse<String>> streamed =
        send(CHAT, chat("large", ",\"stream\":true"));
    exchange = upstream.next();
    OutputStream out = exchange.stream();
    String events = "data: {\"é\":1}\r\n\r\n: comment\n\ndata: [DONE]\n\n";
    for (byte each : events.getBytes(UTF_8)) {
      out.write(each);
      out.flush();
    }
    exchange.done().countDown();
    assertThat(streamed.get().body()).isEqualTo(events);
    assertThat(streamed.get().headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");

    CompletableFuture<HttpResponse<String>> refused =
        send("/v1/completions", "{\"model\":\"large\"}");
    upstream.next().answer(422, "application/problem+json", "{\"detail\": \"no\"}");
    assertThat(refused.get().statusCode()).isEqualTo(422);
    assertThat(refused.get().body()).isEqualTo("{\"detail\": \"no\"}");
  }

  /** A stream's pieces are not held back until it ends. */
  @Test
  void piecesComeAsTheyAreSent() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> response =
        gateway
            .client()
            .sendAsync(
                gateway
                    .request(CHAT, chat("large", ",\"stream\":true"))
                    .header("Authorization", "Bearer " + KEY)
                    .build(),
                BodyHandlers.ofInputStream());
    Exchange exchange = upstream.next();
    OutputStream out = exchange.stream();
    for (int i = 0; i < 3; i++) {
      out.write("data: 1\n\n".getBytes(UTF_8));
      out.flush();
      // Nothing more is written before this much has been read.
      assertThat(new String(response.get().body().readNBytes(9), UTF_8)).isEqualTo("data: 1\n\n");
    }
    response.get().body().close();
    exchange.writeUntilGone(out);
    until(() -> gateway.bean(Admission.class).active() == 0);
  }

  @Test
  void theOthersWaitInOrderAndTooManyAreRefused() throws Exception {
    CompletableFuture<HttpResponse<String>> first =
        send(CHAT, chat("large", ",\"user\":\"first\""));
    Exchange one = upstream.next();
    CompletableFuture<HttpResponse<String>> second =
        send(CHAT, chat("large", ",\"user\":\"second\""));
    Admission admission = gateway.bean(Admission.class);
    until(() -> admission.waiting() == 1);
    CompletableFuture<HttpResponse<String>> third =
        send(CHAT, chat("large", ",\"user\":\"third\""));
    until(() -> admission.waiting() == 2);
    HttpResponse<String> refused = send(CHAT, chat("large", ",\"user\":\"fourth\"")).get();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(Gateway.json(refused.body()).at("/error/code").asText()).isEqualTo("overloaded");
    assertThat(upstream.isAskedBy("fourth")).isFalse();

    second.cancel(true); // it goes away, and the third is next
    until(() -> admission.waiting() == 1);
    one.answer(200, "application/json", "{}");
    assertThat(first.get().statusCode()).isEqualTo(200);
    Exchange next = upstream.next();
    assertThat(next.body()).contains("third");
    next.answer(200, "application/json", "{}");
    assertThat(third.get().statusCode()).isEqualTo(200);
    until(() -> admission.active() == 0 && admission.waiting() == 0);
  }

  @Test
  void aGuidedClientThatGoesAwayEndsItsSearch() throws Exception {
    UpstreamStub upstream = new UpstreamStub();
    try (upstream;
        Gateway gateway = start(upstream)) {
      String body =
          chat("large+positive", ",\"max_tokens\":20,\"w2s\":{\"beam_width\":1,\"successors\":2}");
      CompletableFuture<HttpResponse<String>> response = send(gateway, CHAT, body);
      Exchange search = upstream.next();
      Admission admission = gateway.bean(Admission.class);
      assertThat(admission.active()).isEqualTo(1);
      response.cancel(true);
      until(() -> admission.active() == 0);
      search.answer(500, "application/json", "{}");
    }
  }

  /** Round by round, behind the prompt as the upstream renders it. */
  @Test
  void aGuidedAnswerIsContinuedOnTheUpstream() throws Exception {
    CompletableFuture<HttpResponse<String>> response =
        send(
            "/v1/completions",
            "{\"model\":\"large+positive\",\"prompt\":\"It was\",\"max_tokens\":4,\"seed\":5,"
                + "\"temperature\":0.5,\"w2s\":{\"beam_width\":1,\"successors\":2,\"chunk_length\":2}}");
    Exchange round = upstream.next();
    JsonNode asked = Gateway.json(round.body());
    assertThat(asked.get("model").asText()).isEqualTo("theirs");
    assertThat(asked.get("n").intValue()).isEqualTo(2);
    assertThat(asked.get("max_tokens").intValue()).isEqualTo(2);
    assertThat(asked.get("temperature").doubleValue()).isEqualTo(0.5);
    round.answer(200, "application/json", choices(" awful bad", " great fun", "length", 2));
    Exchange second = upstream.next();
    assertThat(second.body()).contains("It was great fun");
    second.answer(200, "application/json", choices(" indeed", " forever", "stop", 1));

    JsonNode answer = Gateway.json(response.get().body());
    assertThat(answer.at("/choices/0/text").asText()).startsWith(" great fun");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.at("/choices/0/w2s/rounds").intValue()).isEqualTo(2);
    assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(6);
    assertThat(answer.get("model").asText()).isEqualTo("large+positive");
  }

  /** A wish makes a search of it, and that of a model alone is one request. */
  @Test
  void anAnswerWithoutGuidesIsOneRequest() throws Exception {
    CompletableFuture<HttpResponse<String>> response =
        send(
            "/v1/completions",
            "{\"model\":\"large\",\"prompt\":\"It was\",\"max_tokens\":4,\"w2s\":{\"trace\":true}}");
    Exchange only = upstream.next();
    assertThat(Gateway.json(only.body()).get("max_tokens").intValue()).isEqualTo(4);
    only.answer(
        200,
        "application/json",
        """
        {"choices": [{"index": 0, "text": " a film", "finish_reason": "length"}],
         "usage": {"prompt_tokens": 2, "completion_tokens": 4}}
        """);
    JsonNode answer = Gateway.json(response.get().body());
    assertThat(answer.at("/choices/0/text").asText()).isEqualTo(" a film");
    assertThat(answer.at("/choices/0/w2s/trace")).hasSize(1);
  }

  private static String choices(String first, String second, String reason, int tokens) {
    return """
        {"choices": [{"index": 0, "text": "%s", "finish_reason": "%s"},
                     {"index": 1, "text": "%s", "finish_reason": "%s"}],
         "usage": {"prompt_tokens": 2, "completion_tokens": %d}}
        """
        .formatted(first, reason, second, reason, 2 * tokens);
  }

  @Test
  void whatTheUpstreamRefusesIsToldAndItsFailuresAreNot() throws Exception {
    UpstreamStub upstream = new UpstreamStub();
    try (upstream;
        Gateway gateway = start(upstream)) {
      String guided =
          "{\"model\":\"large+positive\",\"prompt\":\"It\",\"max_tokens\":4,\"w2s\":{\"beam_width\":1,\"successors\":2}}";
      CompletableFuture<HttpResponse<String>> refused = send(gateway, "/v1/completions", guided);
      while (!refused.isDone()) {
        Exchange each = upstream.nextOrNull();
        if (each != null) {
          each.answer(
              400,
              "application/json",
              "{\"error\": {\"message\": \"no such temperature, sk-there\"}}");
        }
      }
      assertThat(refused.get().statusCode()).isEqualTo(400);
      assertThat(refused.get().body()).contains("no such temperature").doesNotContain(UPSTREAM_KEY);

      upstream.close(); // and again below, which does nothing
      HttpResponse<String> gone = send(gateway, CHAT, chat("large", "")).get();
      assertThat(gone.statusCode()).isEqualTo(502);
      assertThat(Gateway.json(gone.body()).at("/error/type").asText()).isEqualTo("upstream_error");
    }
  }

  /** What is under way is finished; what comes then is not taken. */
  @Test
  void aShutdownWaitsForWhatIsUnderWay() throws Exception {
    UpstreamStub upstream = new UpstreamStub();
    try (upstream;
        Gateway gateway = start(upstream)) {
      CompletableFuture<HttpResponse<String>> response = send(gateway, CHAT, chat("large", ""));
      Exchange exchange = upstream.next();
      CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
      exchange.answer(200, "application/json", "{\"late\": true}");
      assertThat(response.get().body()).isEqualTo("{\"late\": true}");
      closed.get();
    }
  }
}
