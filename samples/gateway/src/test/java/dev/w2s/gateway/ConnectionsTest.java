// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.gateway.UpstreamStub.Exchange;
import dev.w2s.gateway.admission.Admission;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that hold connections for nothing, and an upstream that keeps them waiting. */
class ConnectionsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY =
      "{\"model\":\"org/large\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}";

  private static UpstreamStub upstream;
  private static Gateway gateway;

  /** Without any guide, which it has to start without as well. */
  @BeforeAll
  static void start() throws Exception {
    upstream = new UpstreamStub();
    gateway =
        started(
            "gateway.limits.idle=1s",
            "gateway.limits.body-time=1s",
            "gateway.limits.write-time=1s");
  }

  private static Gateway started(String... limits) {
    List<String> properties =
        new ArrayList<>(
            List.of(
                "gateway.upstream.base-url=" + upstream.url(),
                "gateway.upstream.model=org/large",
                "gateway.upstream.api-key=sk-there",
                "gateway.upstream.timeout=2s"));
    properties.addAll(List.of(limits));
    return Gateway.start(properties.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  private static Socket socket(Gateway gateway) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(20_000);
    socket.connect(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), URI.create(gateway.root()).getPort()));
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  private static String post(int length) {
    return "POST %s HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        .formatted(CHAT, length);
  }

  /** All that comes until the other side closes. */
  private static String rest(Socket socket) {
    StringBuilder rest = new StringBuilder();
    try {
      for (int each = socket.getInputStream().read(); each >= 0; ) {
        rest.append((char) each);
        each = socket.getInputStream().read();
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("it is still open", e);
    } catch (IOException e) {
      return rest.toString(); // reset, which is an end as well
    }
    return rest.toString();
  }

  @Test
  void itIsReadyWithoutGuides() throws Exception {
    assertThat(gateway.get("/health/readiness").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/v1/models/org/large").body()).contains("\"id\":\"org/large\"");
    assertThat(gateway.get("/v1/models/org%2Flarge").body()).contains("\"id\":\"org/large\"");
    assertThat(gateway.get("/v1/models/").statusCode()).isEqualTo(404);
    String unknown = gateway.get("/v1/models/" + "x".repeat(3000)).body();
    assertThat(unknown).contains("model_not_found").hasSizeLessThan(1200);
  }

  /** One too many is closed at once: these may be idle for longer than is waited here. */
  @Test
  void thereAreSoManyConnectionsAtATime() throws Exception {
    try (Gateway small = started("gateway.limits.connections=2");
        Socket first = socket(small);
        Socket second = socket(small)) {
      assertThat(healthOver(first)).startsWith("HTTP/1.1 200");
      assertThat(healthOver(second)).startsWith("HTTP/1.1 200");
      try (Socket third = socket(small)) {
        assertThat(rest(third)).isEmpty();
      }
      assertThat(healthOver(first)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void whoAsksNothingLosesItsConnection() throws Exception {
    try (Socket socket = socket(gateway)) {
      assertThat(rest(socket)).isEmpty();
    }
    assertThat(gateway.get("/metrics").body()).contains("gateway_connections ");
  }

  /** The head of the answer to a request that leaves the connection open. */
  private static String healthOver(Socket socket) throws IOException {
    write(socket, "GET /health/liveness HTTP/1.1\r\nHost: here\r\n\r\n");
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().contains("UP\"}")) {
      int each = socket.getInputStream().read();
      if (each < 0) {
        throw new AssertionError("it was closed after: " + answer);
      }
      answer.append((char) each);
    }
    return answer.toString();
  }

  /** Byte by byte does not make it longer; nor does a request before it. */
  @Test
  void aHeadThatDoesNotEndIsNotWaitedFor() throws Exception {
    try (Socket socket = socket(gateway)) {
      write(socket, "GET /health HTTP/1.1\r\nHost: here\r\n\r\n");
      StringBuilder answer = new StringBuilder();
      while (!answer.toString().contains("UP")) {
        answer.append((char) socket.getInputStream().read());
      }
      long begun = System.nanoTime();
      CompletableFuture<String> rest = CompletableFuture.supplyAsync(() -> rest(socket));
      try {
        while (!rest.isDone() && System.nanoTime() - begun < 20_000_000_000L) {
          write(socket, "G");
          Thread.sleep(100);
        }
      } catch (IOException e) {
        assertThat(e).isNotNull(); // it is closed while we write
      }
      assertThat(rest.get()).doesNotContain("HTTP/1.1 200");
      assertThat(System.nanoTime() - begun).isLessThan(15_000_000_000L);
    }
  }

  @Test
  void aBodyThatDoesNotEndIsNotWaitedFor() throws Exception {
    try (Socket socket = socket(gateway)) {
      write(socket, post(1000) + "{");
      assertThat(rest(socket)).startsWith("HTTP/1.1 408").contains("did not come within 1000 ms");
    }
  }

  @Test
  void whoReadsNothingLosesItsStream() throws Exception {
    try (Socket socket = socket(gateway)) {
      write(socket, post(BODY.length()) + BODY);
      Exchange exchange = upstream.next();
      OutputStream out = exchange.stream();
      exchange.writeUntilGone(out);
      Admission admission = gateway.bean(Admission.class);
      for (int i = 0; i < 1000 && admission.active() > 0; i++) {
        Thread.sleep(10);
      }
      assertThat(admission.active()).isZero();
    }
  }

  @Test
  void anUpstreamThatSaysNothingIsNotWaitedFor() throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        gateway
            .client()
            .sendAsync(gateway.request(CHAT, BODY).build(), HttpResponse.BodyHandlers.ofString());
    Exchange exchange = upstream.next();
    assertThat(answer.get().statusCode()).isEqualTo(504);
    assertThat(answer.get().body()).contains("upstream_error");
    exchange.done().countDown();
  }

  /** It is the gateway's, so a client that is told 401 would look for the wrong one. */
  @Test
  void aWrongKeyOfTheUpstreamIsNotTheClients() throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        gateway
            .client()
            .sendAsync(gateway.request(CHAT, BODY).build(), HttpResponse.BodyHandlers.ofString());
    upstream
        .next()
        .answer(401, "application/json", "{\"error\":{\"message\":\"Wrong key sk-there\"}}");
    assertThat(answer.get().statusCode()).isEqualTo(502);
    assertThat(answer.get().body()).contains("upstream_error").doesNotContain("sk-there");
  }
}
