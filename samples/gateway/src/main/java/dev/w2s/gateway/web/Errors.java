// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.w2s.gateway.openai.ApiException;
import dev.w2s.gateway.settings.Limits;
import dev.w2s.model.PositionLimitException;
import dev.w2s.server.ServerException;
import dev.w2s.spring.loading.NotReadyException;
import java.util.concurrent.CancellationException;
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
import reactor.core.publisher.Mono;

/** Whatever fails is told in OpenAI's form. What nobody expected is logged, and not told. */
final class Errors implements ErrorWebExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  private final Limits limits;

  Errors(Limits limits) {
    this.limits = limits;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
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
      LOG.warn("the upstream failed: {}", message);
      return new ApiException(502, "upstream_error", null, null, "The upstream gave no answer.");
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
  private static ApiException ofUpstream(ServerException failure, String message) {
    LOG.warn("the upstream failed: {}", message);
    int status = failure.status();
    return status == 400 || status == 413 || status == 422 || status == 429
        ? new ApiException(status, "upstream_error", null, null, message)
        : new ApiException(502, "upstream_error", null, null, message);
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
