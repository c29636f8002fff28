// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.server.Transport.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server of raw bytes, which can do what servers are not supposed to. */
class JdkTransportTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Transport transport = new JdkTransport(Version.HTTP_1_1, LONG);
  private ServerSocket listening;

  @BeforeEach
  void listen() throws IOException {
    listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void close() throws IOException {
    listening.close();
  }

  /** One request a connection: reads until the body {@code {}} has come, and writes an answer. */
  private void serve() {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept()) {
        received.add(request(socket.getInputStream()));
        socket.getOutputStream().write(answers.take().getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        String after = answers.poll();
        if (after != null && after.equals("hang")) {
          socket.getInputStream().read(); // until the client gives up
        }
      } catch (IOException | InterruptedException e) {
        // the next one may do better
      }
    }
  }

  private static String request(InputStream in) throws IOException {
    StringBuilder request = new StringBuilder();
    while (!request.toString().endsWith("{}")) {
      int read = in.read();
      if (read < 0) {
        break;
      }
      request.append((char) read);
    }
    return request.toString();
  }

  private static String head(String status, String... fields) {
    return "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
  }

  private Reply post(Duration timeout) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/v1/completions");
    return transport.post(uri, Map.of("X-Team", "w2s"), "{}", timeout);
  }

  /** Offering an upgrade makes uvicorn lose the body, and other servers hang. */
  @Test
  void asksForNoUpgradeAndSendsTheBody() throws Exception {
    answers.add(head("200 OK", "Content-Length: 2") + "{}");
    Reply reply = post(LONG);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{}");
    assertThat(received.get(0))
        .startsWith("POST /v1/completions HTTP/1.1\r\n")
        .containsIgnoringCase("x-team: w2s\r\n")
        .endsWith("\r\n\r\n{}")
        .doesNotContainIgnoringCase("upgrade")
        .doesNotContainIgnoringCase("http2-settings");
  }

  /** OpenAI's and Azure's own header is more exact. */
  @Test
  void millisecondsComeBeforeSeconds() throws IOException, InterruptedException {
    answers.add(
        head("429 Slow", "retry-after: 1", "retry-after-ms: 456", "Content-Length: 2") + "{}");
    assertThat(post(LONG).retryAfter()).isEqualTo("0.456");
  }

  @Test
  void readsChunkedAnswersAndTheHeader() throws Exception {
    String chunks = String.join("\r\n", "1", "{", "1", "}", "0", "", "");
    answers.add(head("429 Slow", "retry-after: 3", "Transfer-Encoding: chunked") + chunks);
    Reply reply = post(LONG);
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.retryAfter()).isEqualTo("3");
    assertThat(reply.body()).isEqualTo("{}");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    answers.add(head("302 Found", "Location: http://127.0.0.1:1/", "Content-Length: 0"));
    assertThat(post(LONG).status()).isEqualTo(302);
  }

  @Test
  void aConnectionCutWithinTheBodyIsAFailure() {
    answers.add(head("200 OK", "Content-Length: 100") + "{\"half\": ");
    assertThatThrownBy(() -> post(LONG)).isInstanceOf(IOException.class);
  }

  @Test
  void aConnectionCutBeforeTheAnswerIsAFailure() {
    answers.add("");
    assertThatThrownBy(() -> post(LONG)).isInstanceOf(IOException.class);
  }

  /** The headers are there in time, the rest of the body never comes. */
  @Test
  void theTimeoutMindsTheBodyToo() {
    answers.add(head("200 OK", "Content-Length: 100") + "{\"half\": ");
    answers.add("hang");
    assertThatThrownBy(() -> post(Duration.ofMillis(300)))
        .isInstanceOf(HttpTimeoutException.class)
        .hasMessageContaining("PT0.3S");
  }

  @Test
  void anInterruptGivesUpTheRequest() {
    answers.add(head("200 OK", "Content-Length: 100") + "{\"half\": ");
    answers.add("hang");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> post(LONG)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void nobodyThereIsAFailure() throws IOException {
    listening.close();
    assertThatThrownBy(() -> post(LONG)).isInstanceOf(IOException.class);
  }
}
