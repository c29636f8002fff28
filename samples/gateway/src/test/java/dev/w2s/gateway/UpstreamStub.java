// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server behind the gateway whose answers the test writes, piece by piece. */
final class UpstreamStub implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server;

  UpstreamStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void take(HttpExchange http) throws IOException {
    Exchange exchange = new Exchange(http, new String(http.getRequestBody().readAllBytes(), UTF_8));
    seen.add(exchange.body());
    exchanges.add(exchange);
    try {
      exchange.done().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      http.close();
    }
  }

  /** Whether a request with this word has come. */
  boolean isAskedBy(String word) {
    return List.copyOf(seen).stream().anyMatch(body -> body.contains(word));
  }

  /** The next request that comes. */
  Exchange next() throws InterruptedException {
    Exchange exchange = exchanges.poll(30, TimeUnit.SECONDS);
    if (exchange == null) {
      throw new AssertionError("no request came");
    }
    return exchange;
  }

  /** The next request; null where none comes within a moment. */
  Exchange nextOrNull() throws InterruptedException {
    return exchanges.poll(50, TimeUnit.MILLISECONDS);
  }

  /** One request that waits for its answer. */
  record Exchange(HttpExchange http, String body, CountDownLatch done) {
    Exchange(HttpExchange http, String body) {
      this(http, body, new CountDownLatch(1));
    }

    String header(String name) {
      return http.getRequestHeaders().getFirst(name);
    }

    /** Answers whole. */
    void answer(int status, String contentType, String body) throws IOException {
      http.getResponseHeaders().add("Content-Type", contentType);
      byte[] bytes = body.getBytes(UTF_8);
      http.sendResponseHeaders(status, bytes.length);
      http.getResponseBody().write(bytes);
      done.countDown();
    }

    /** Begins a stream. */
    OutputStream stream() throws IOException {
      http.getResponseHeaders().add("Content-Type", "text/event-stream");
      http.sendResponseHeaders(200, 0);
      return http.getResponseBody();
    }

    /** Writes until the other side has gone, which shows in the writing. */
    void writeUntilGone(OutputStream out) {
      try {
        while (true) {
          out.write("data: {}\n\n".getBytes(UTF_8));
          out.flush();
          Thread.onSpinWait();
        }
      } catch (IOException e) {
        done.countDown();
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
