// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of everything behind a server take; null stands for the default.
 *
 * @param <B> the builder itself
 */
public abstract class ServerBuilder<B extends ServerBuilder<B>> {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  private @Nullable String baseUrl;
  private @Nullable String modelName;
  private @Nullable String apiKey;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private @Nullable Version httpVersion;
  private @Nullable Transport transport;
  private @Nullable Duration timeout;
  private @Nullable RetryPolicy retries;

  /** For the packages that build. */
  protected ServerBuilder() {}

  /** This. */
  protected abstract B self();

  /** Where the server is, as LangChain4j takes it: ending in {@code /v1} with most. */
  public B baseUrl(String baseUrl) {
    this.baseUrl = baseUrl;
    return self();
  }

  /** Both where the server is and the model. */
  public B model(ModelAddress address) {
    return baseUrl(address.baseUrl()).modelName(address.modelName());
  }

  /** The model as the server calls it. */
  public B modelName(String modelName) {
    this.modelName = modelName;
    return self();
  }

  /** Sent as bearer token; none by default. */
  public B apiKey(@Nullable String apiKey) {
    this.apiKey = apiKey;
    return self();
  }

  /** Adds a header to every request. */
  public B header(String name, String value) {
    headers.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
    return self();
  }

  /**
   * The version of HTTP; by default 1.1 over plain http, where servers lose requests that offer an
   * upgrade, and 2 over https, where both sides agree on it.
   */
  public B httpVersion(@Nullable Version httpVersion) {
    this.httpVersion = httpVersion;
    return self();
  }

  /** Sends requests in place of the JDK's client; see {@link HttpClientTransport}. */
  public B transport(@Nullable Transport transport) {
    this.transport = transport;
    return self();
  }

  /** Of one request, the whole answer included; 60 seconds by default. */
  public B timeout(@Nullable Duration timeout) {
    this.timeout = timeout;
    return self();
  }

  /** How often and when a failed request is made again; {@link RetryPolicy#defaults()}. */
  public B retries(@Nullable RetryPolicy retries) {
    this.retries = retries;
    return self();
  }

  /**
   * The server. Nothing is sent yet.
   *
   * @throws IllegalArgumentException if the address is missing or wrong, or the timeout is not
   *     positive; the message names it
   */
  protected JsonServer server() {
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
   * The model's name.
   *
   * @throws IllegalArgumentException if it is not given
   */
  protected String requiredModelName() {
    return required("modelName", modelName);
  }

  private static String required(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " is missing; it must be given");
    }
    return value;
  }
}
