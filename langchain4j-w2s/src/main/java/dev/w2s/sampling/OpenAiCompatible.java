// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.server.Completions;
import dev.w2s.server.DrawOptions;
import dev.w2s.server.JdkTransport;
import dev.w2s.server.JsonServer;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerAddress;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A large model behind a server with OpenAI's completions endpoint (vLLM, llama.cpp and many more),
 * continued exactly: what was drawn is sent again as text behind the prompt, a round is one request
 * as far as the server takes lists and {@code n}, and a chunk is measured in the model's own
 * tokens. Safe for use by several threads; there is nothing to close.
 */
public final class OpenAiCompatible implements LargeModel {
  private static final int DEFAULT_CONCURRENCY = 8;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  private final CompletionsModel model;
  private final Completions completions;
  private final PromptFormat promptFormat;
  private final boolean logProbabilities;
  private final @Nullable Long seed;

  private OpenAiCompatible(Builder builder) {
    ServerAddress address =
        new ServerAddress(
            Builder.required("baseUrl", builder.baseUrl), builder.apiKey, builder.headers);
    String modelName = Builder.required("modelName", builder.modelName);
    Version version =
        requireNonNullElse(
            builder.httpVersion, address.isSecure() ? Version.HTTP_2 : Version.HTTP_1_1);
    Duration timeout = requireNonNullElse(builder.timeout, DEFAULT_TIMEOUT);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout is " + timeout + "; it must be positive");
    }
    int concurrency = requireNonNullElse(builder.concurrency, DEFAULT_CONCURRENCY);
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "concurrency is " + concurrency + "; it must be at least 1");
    }
    JsonServer server =
        new JsonServer(
            address,
            new JdkTransport(version, CONNECT_TIMEOUT),
            requireNonNullElse(builder.retries, RetryPolicy.defaults()),
            timeout,
            pause -> Thread.sleep(pause.toMillis()));
    completions = new Completions(server, modelName);
    model = new CompletionsModel(completions, address + "#" + modelName, concurrency);
    promptFormat = builder.promptFormat;
    logProbabilities = builder.logProbabilities;
    seed = builder.seed;
  }

  /** Builds one. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public MeteredSampler open(Prompt prompt, SamplingRequest request) {
    return new CompletionsSampler(
        model,
        promptFormat.render(prompt).text(),
        options(request),
        request.seed() != null ? request.seed() : seed);
  }

  private DrawOptions options(SamplingRequest request) {
    return new DrawOptions(
        request.temperature(),
        request.topP(),
        request.topK(),
        requireNonNullElse(request.stop(), List.of()),
        logProbabilities);
  }

  /** Requests sent so far in all searches, those made again included. */
  public long httpRequests() {
    return completions.requests();
  }

  /** How often the server was found to take less in a request than was thought. */
  public long fallbacks() {
    return model.fallbacks();
  }

  /** The address and the model. */
  @Override
  public String toString() {
    return model.toString();
  }

  /** Builds {@link OpenAiCompatible}; null stands for the default. */
  public static final class Builder {
    private @Nullable String baseUrl;
    private @Nullable String modelName;
    private @Nullable String apiKey;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable Version httpVersion;
    private @Nullable Duration timeout;
    private @Nullable RetryPolicy retries;
    private @Nullable Integer concurrency;
    private PromptFormat promptFormat = PromptFormat.raw();
    private boolean logProbabilities;
    private @Nullable Long seed;

    private Builder() {}

    /** Where the server is, as LangChain4j takes it: ending in {@code /v1} with most. */
    public Builder baseUrl(String baseUrl) {
      this.baseUrl = baseUrl;
      return this;
    }

    /** The model as the server calls it. */
    public Builder modelName(String modelName) {
      this.modelName = modelName;
      return this;
    }

    /** Sent as bearer token; none by default. */
    public Builder apiKey(@Nullable String apiKey) {
      this.apiKey = apiKey;
      return this;
    }

    /** Adds a header to every request. */
    public Builder header(String name, String value) {
      headers.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return this;
    }

    /**
     * The version of HTTP; by default 1.1 over plain http, where servers lose requests that offer
     * an upgrade, and 2 over https, where both sides agree on it.
     */
    public Builder httpVersion(@Nullable Version httpVersion) {
      this.httpVersion = httpVersion;
      return this;
    }

    /** Of one request, the whole answer included; 60 seconds by default. */
    public Builder timeout(@Nullable Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** How often and when a failed request is made again; {@link RetryPolicy#defaults()}. */
    public Builder retries(@Nullable RetryPolicy retries) {
      this.retries = retries;
      return this;
    }

    /** Requests at a time, over all searches, where a round is several; 8 by default. */
    public Builder concurrency(@Nullable Integer concurrency) {
      this.concurrency = concurrency;
      return this;
    }

    /**
     * How the model sees a prompt, for example {@code Here is a movie review: {{prompt}}}; as it is
     * by default.
     *
     * @throws IllegalArgumentException if the template's only variable is not {@code {{prompt}}}
     */
    public Builder promptTemplate(@Nullable String template) {
      promptFormat = template == null ? PromptFormat.raw() : PromptFormat.template(template);
      return this;
    }

    /**
     * Whether the server is asked how likely its tokens are, which a guard minds; not by default.
     */
    public Builder logProbabilities(boolean logProbabilities) {
      this.logProbabilities = logProbabilities;
      return this;
    }

    /** Of searches that have none of their own; another one each time by default. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * The model. Nothing is sent yet.
     *
     * @throws IllegalArgumentException if the address or the name is missing or wrong, or a number
     *     is out of range; the message names it
     */
    public OpenAiCompatible build() {
      return new OpenAiCompatible(this);
    }

    private static String required(String name, @Nullable String value) {
      if (value == null || value.isBlank()) {
        throw new IllegalArgumentException(name + " is missing; it must be given");
      }
      return value;
    }
  }
}
