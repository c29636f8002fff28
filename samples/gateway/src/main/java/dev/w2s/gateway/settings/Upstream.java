// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.settings;

import dev.w2s.sampling.OpenAiCompatible.Api;
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
    if (isGiven(baseUrl) && !isGiven(model)) {
      throw new IllegalArgumentException(
          "upstream.model is missing; beside upstream.base-url '%s' it must name the server's model"
              .formatted(baseUrl));
    }
    if (!isGiven(baseUrl) && (isGiven(model) || isGiven(apiKey))) {
      throw new IllegalArgumentException(
          "upstream.base-url is missing; beside upstream.model or upstream.api-key it must be given");
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "upstream.concurrency is " + concurrency + "; it must be at least 1");
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
