// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server with OpenAI's chat endpoint, whose model says something short three times of four. */
final class ScriptedServer implements AutoCloseable {
  static final String YES = "Yes, with pleasure.";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger calls = new AtomicInteger();

  ScriptedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  int calls() {
    return calls.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    boolean streamed = body.replace(" ", "").contains("\"stream\":true");
    String text = calls.incrementAndGet() % 4 == 0 ? YES : "No.";
    String answer =
        streamed
            ? """
              data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"%s"},"finish_reason":null}]}

              data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

              data: [DONE]

              """
                .formatted(text)
            : """
              {"id":"1","object":"chat.completion","created":1,"model":"m",
               "choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],
               "usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}
              """
                .formatted(text);
    byte[] bytes = answer.getBytes(UTF_8);
    exchange
        .getResponseHeaders()
        .add("Content-Type", streamed ? "text/event-stream" : "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
