// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The JDK's own client. Over plain http it speaks HTTP/1.1: offering an upgrade to HTTP/2, as the
 * JDK does by default, makes widely used servers lose the body of the request. It follows no
 * redirects, which could lead the key elsewhere.
 */
public final class JdkTransport implements Transport {
  private final HttpClient client;

  /**
   * @param version of HTTP to speak
   * @param connectTimeout of a connection
   */
  public JdkTransport(Version version, Duration connectTimeout) {
    client =
        HttpClient.newBuilder()
            .version(version)
            .connectTimeout(connectTimeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Override
  public Reply post(URI uri, Map<String, String> headers, String body, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body, UTF_8));
    headers.forEach(request::setHeader);
    // The request's own timeout ends with the headers of the answer; this one minds the body, too.
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request.build(), BodyHandlers.ofString(UTF_8));
    try {
      HttpResponse<String> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(response.statusCode(), retryAfter(response.headers()), response.body());
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no whole answer within " + timeout);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  /** OpenAI and Azure say it in milliseconds as well, which is more exact. */
  private static String retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("retry-after-ms")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(value -> String.valueOf(Long.parseLong(value) / 1000.0))
        .or(() -> headers.firstValue("Retry-After"))
        .orElse("");
  }
}
