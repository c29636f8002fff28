// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.server.Transport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Notes what is sent, and can send it again with nothing around it. */
final class RecordingTransport implements Transport {
  private final Transport transport;
  private final List<Sent> sent = new ArrayList<>();

  RecordingTransport(Transport transport) {
    this.transport = transport;
  }

  /** A request, with the times, nanoseconds, at which it went out and was answered. */
  private record Sent(
      URI uri, Map<String, String> headers, String body, Duration timeout, long start, long end) {}

  @Override
  public Reply post(URI uri, Map<String, String> headers, String body, Duration timeout)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Reply reply = transport.post(uri, headers, body, timeout);
    Sent request = new Sent(uri, headers, body, timeout, start, System.nanoTime());
    synchronized (this) {
      sent.add(request);
    }
    return reply;
  }

  synchronized int requests() {
    return sent.size();
  }

  synchronized void forget() {
    sent.clear();
  }

  /** Sends all again, side by side what was side by side; seconds that it took. */
  double replay() {
    long start = System.nanoTime();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (List<Sent> round : rounds()) {
        CompletableFuture.allOf(
                round.stream()
                    .map(request -> CompletableFuture.runAsync(() -> again(request), threads))
                    .toArray(CompletableFuture[]::new))
            .join();
      }
    } finally {
      threads.shutdownNow();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private synchronized List<List<Sent>> rounds() {
    List<List<Sent>> rounds = new ArrayList<>();
    long end = Long.MIN_VALUE;
    for (Sent request :
        sent.stream().sorted((a, b) -> Long.compare(a.start(), b.start())).toList()) {
      if (rounds.isEmpty() || request.start() >= end) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(rounds.size() - 1).add(request);
      end = Math.max(end, request.end());
    }
    return rounds;
  }

  private void again(Sent request) {
    try {
      transport.post(request.uri(), request.headers(), request.body(), request.timeout());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
