// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.w2s.server.Transport.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LangChain4j's own client over the JDK's, on a real connection. */
class HttpClientTransportTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private HttpServer server;
  private String asked = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked =
              exchange.getRequestHeaders().getFirst("X-Team")
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
          exchange.sendResponseHeaders(status, 2);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(new byte[] {'{', '}'});
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Reply post(int status) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + status);
    return new HttpClientTransport(JdkHttpClient.builder())
        .post(uri, Map.of("X-Team", "we"), "[1]", TIMEOUT);
  }

  @Test
  void whateverTheStatusThereIsAReply() throws IOException, InterruptedException {
    assertThat(post(200)).isEqualTo(new Reply(200, "", "{}"));
    assertThat(asked).isEqualTo("we[1]");
    assertThat(post(429)).isEqualTo(new Reply(429, "", "{}"));
  }

  @Test
  void whereNobodyAnswersThereIsNone() {
    server.stop(0);
    assertThatThrownBy(() -> post(200)).isInstanceOf(IOException.class);
  }

  @Test
  void anInterruptIsOne() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> post(200)).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
