// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.settings;

import dev.w2s.sampling.OpenAiCompatible.Api;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A large model behind another server with OpenAI's API.
 *
 * @param baseUrl Where the server is, ending in /v1.
 * @param model What the server calls the model.
 * @param apiKey The server's key.
 * @param concurrency Requests to the server at a time, over all searches.
 * @param timeout Of one request to the server.
 * @param api Which prompts the server is sent for completions.
 */
public record Upstream(
    @Nullable String baseUrl,
    @Nullable String model,
    @Nullable String apiKey,
    @DefaultValue("8") int concurrency,
    @DefaultValue("60s") Duration timeout,
    @DefaultValue("completions") Api api) {

  /** Checks what belongs together. */
  public Upstream {
    if (baseUrl != null && !baseUrl.isBlank() && !isHttp(baseUrl)) {
      throw new SettingException(
          "gateway.upstream.base-url",
          "it must be an address with http or https, such as http://localhost:8000/v1");
    }
    if (isGiven(baseUrl) && !isGiven(model)) {
      throw new SettingException(
          "gateway.upstream.model",
          "it is missing; beside gateway.upstream.base-url it must name the server's model");
    }
    if (!isGiven(baseUrl) && (isGiven(model) || isGiven(apiKey))) {
      throw new SettingException(
          "gateway.upstream.base-url",
          "it is missing; beside gateway.upstream.model or gateway.upstream.api-key it must say where the server is");
    }
    if (concurrency < 1) {
      throw new SettingException("gateway.upstream.concurrency", "it must be at least 1");
    }
    if (timeout.toMillis() < 1) {
      throw new SettingException("gateway.upstream.timeout", "it must be at least a millisecond");
    }
  }

  private static boolean isHttp(String address) {
    try {
      URI uri = new URI(address);
      return String.valueOf(uri.getScheme()).matches("(?i)https?") && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isGiven(@Nullable String value) {
    return value != null && !value.isBlank();
  }

  /** Whether there is one. */
  public boolean isSet() {
    return isGiven(baseUrl);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Upstream[baseUrl=%s, model=%s, concurrency=%d]".formatted(baseUrl, model, concurrency);
  }
}
