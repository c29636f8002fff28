// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a {@link JsonServer}; null stands for the default. */
public final class ServerBuilder {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  private @Nullable String baseUrl;
  private @Nullable String apiKey;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private @Nullable Version httpVersion;
  private @Nullable Transport transport;
  private @Nullable Duration timeout;
  private @Nullable RetryPolicy retries;

  /** Where the server is; see {@link ServerAddress}. */
  public void baseUrl(@Nullable String baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** Sent as bearer token; none by default. */
  public void apiKey(@Nullable String apiKey) {
    this.apiKey = apiKey;
  }

  /** Adds a header to every request. */
  public void header(String name, String value) {
    headers.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
  }

  /**
   * The version of HTTP; by default 1.1 over plain http, where servers lose requests that offer an
   * upgrade, and 2 over https, where both sides agree on it.
   */
  public void httpVersion(@Nullable Version httpVersion) {
    this.httpVersion = httpVersion;
  }

  /** Another client in place of the JDK's. */
  public void transport(@Nullable Transport transport) {
    this.transport = transport;
  }

  /** Of one request, the whole answer included; 60 seconds by default. */
  public void timeout(@Nullable Duration timeout) {
    this.timeout = timeout;
  }

  /** How often and when a failed request is made again; {@link RetryPolicy#defaults()}. */
  public void retries(@Nullable RetryPolicy retries) {
    this.retries = retries;
  }

  /**
   * The server. Nothing is sent yet.
   *
   * @throws IllegalArgumentException if the address is missing or wrong, or the timeout is not
   *     positive; the message names it
   */
  public JsonServer build() {
    ServerAddress address = new ServerAddress(required("baseUrl", baseUrl), apiKey, headers);
    Duration limit = requireNonNullElse(timeout, DEFAULT_TIMEOUT);
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("timeout is " + limit + "; it must be positive");
    }
    Version version =
        requireNonNullElse(httpVersion, address.isSecure() ? Version.HTTP_2 : Version.HTTP_1_1);
    return new JsonServer(
        address,
        transport != null ? transport : new JdkTransport(version, CONNECT_TIMEOUT),
        requireNonNullElse(retries, RetryPolicy.defaults()),
        limit,
        pause -> Thread.sleep(pause.toMillis()));
  }

  /**
   * Something that must be given.
   *
   * @throws IllegalArgumentException if it is not; the message names it
   */
  public static String required(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " is missing; it must be given");
    }
    return value;
  }
}
