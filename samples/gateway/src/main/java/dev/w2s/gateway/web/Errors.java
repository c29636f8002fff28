// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.settings.Limits;
import dev.w2s.gateway.settings.Upstream;
import dev.w2s.model.PositionLimitException;
import dev.w2s.server.ServerException;
import dev.w2s.spring.loading.NotReadyException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.reactive.error.ErrorWebExceptionHandler;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/** Whatever fails is told in OpenAI's form. What nobody expected is logged, and not told. */
final class Errors implements ErrorWebExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
  private static final String NO_ANSWER =
      "The upstream gave no answer that can be used; this server's log says why.";

  private final Limits limits;
  private final Upstream upstream;

  Errors(Limits limits, Upstream upstream) {
    this.limits = limits;
    this.upstream = upstream;
  }

  /**
   * Whether an upstream refuses a request because of its key, which is ours and not the client's.
   */
  static boolean isOfKey(int status) {
    return status == HttpStatus.UNAUTHORIZED.value() || status == HttpStatus.FORBIDDEN.value();
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    ServerHttpResponse response = exchange.getResponse();
    if (isGone(failure)) {
      return Mono.error(failure);
    }
    if (response.isCommitted()) {
      LOG.warn("an answer was broken off: {}", withoutKey(String.valueOf(failure)));
      return Mono.error(failure);
    }
    ApiException error = of(failure, exchange.getRequest().getPath().value());
    response.setStatusCode(HttpStatusCode.valueOf(error.status()));
    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    if (error.status() == HttpStatus.TOO_MANY_REQUESTS.value()
        || error.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      response.getHeaders().set("Retry-After", "1");
    }
    byte[] body = error.body().toString().getBytes(UTF_8);
    return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
  }

  /** Whether the client has left within its request; an upstream's closed connection is another. */
  private static boolean isGone(Throwable failure) {
    return !(failure instanceof ServerException)
        && DisconnectedClientHelper.isClientDisconnectedException(failure);
  }

  /** The failure as clients are told it. */
  ApiException of(Throwable failure, String path) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof ApiException error) {
      return error;
    } else if (failure instanceof PositionLimitException) {
      return ApiException.tooLong(message);
    } else if (failure instanceof IllegalArgumentException
        || failure instanceof UnsupportedFeatureException) {
      return ApiException.invalid(null, message);
    } else if (failure instanceof NotReadyException) {
      return ApiException.busy(503, "not_ready", message);
    } else if (failure instanceof ServerException server) {
      return ofUpstream(server, message);
    } else if (failure instanceof WebClientRequestException) {
      LOG.warn("gateway.upstream.base-url does not answer: {}", message);
      return upstream(502, NO_ANSWER);
    } else if (failure instanceof TimeoutException) {
      LOG.warn("the upstream gave nothing for {}", upstream.timeout());
      return upstream(504, "The upstream gave no answer in time.");
    } else if (failure instanceof DataBufferLimitException) {
      return ApiException.http(
          413,
          "The body of your request is longer than %d bytes.".formatted(limits.body().toBytes()));
    } else if (failure instanceof ResponseStatusException status) {
      return ofStatus(status, path);
    } else if (failure instanceof CancellationException) {
      return ApiException.busy(503, "shutting_down", "The answer was cancelled.");
    }
    LOG.error("a request to {} failed", path, failure);
    return ApiException.http(500, "The server had an error while processing your request.");
  }

  /** What it refuses is the client's to know; that it does not answer is ours. */
  private ApiException ofUpstream(ServerException failure, String message) {
    int status = failure.status();
    String said = withoutKey(message);
    if (isOfKey(status)) {
      LOG.warn("the upstream refuses gateway.upstream.api-key with status {}", status);
      return upstream(502, "The upstream refuses the key that this server has for it.");
    }
    LOG.warn("the upstream failed: {}", said);
    return status == 400 || status == 413 || status == 422 || status == 429
        ? upstream(status, "The upstream " + said.substring(Math.max(0, said.indexOf("gave "))))
        : upstream(502, NO_ANSWER);
  }

  private static ApiException upstream(int status, String message) {
    return new ApiException(status, "upstream_error", null, null, message);
  }

  /** Should the upstream say it back. */
  private String withoutKey(String message) {
    String key = upstream.apiKey();
    return key == null || key.isBlank() ? message : message.replace(key, "***");
  }

  private static ApiException ofStatus(ResponseStatusException failure, String path) {
    int status = failure.getStatusCode().value();
    if (status == 404) {
      return ApiException.notFound(null, "unknown_url", "Unknown request URL: " + path);
    }
    String reason = failure.getReason();
    return ApiException.http(
        status, reason == null ? "The request was refused with status " + status + "." : reason);
  }
}
