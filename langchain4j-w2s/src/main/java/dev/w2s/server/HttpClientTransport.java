// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Sends requests by a LangChain4j HTTP client, as a team has it: with its proxies, certificates,
 * pools and logs. Needs {@code langchain4j-http-client} on the class path. Its errors carry no
 * headers, so {@code Retry-After} is not known; timeouts are the client's own.
 */
public final class HttpClientTransport implements Transport {
  private final HttpClient client;

  /**
   * @param builder its timeouts and whatever else it holds are kept
   */
  public HttpClientTransport(HttpClientBuilder builder) {
    client = builder.build();
  }

  @Override
  public Reply post(URI uri, Map<String, String> headers, String body, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.builder()
            .method(HttpMethod.POST)
            .url(uri.toString())
            .addHeaders(headers)
            .body(body)
            .build();
    try {
      SuccessfulHttpResponse response = client.execute(request);
      String text = response.body();
      return new Reply(response.statusCode(), "", text == null ? "" : text);
    } catch (HttpException e) {
      String text = e.getMessage();
      return new Reply(e.statusCode(), "", text == null ? "" : text);
    } catch (TimeoutException e) {
      throw new IOException(e);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /** What clients wrap in their own exceptions. */
  private static IOException failure(RuntimeException e) throws InterruptedException {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException interrupted) {
        Thread.interrupted(); // some set it again: the exception says it all
        throw interrupted;
      }
      if (cause instanceof IOException io) {
        return io;
      }
    }
    throw e;
  }
}
