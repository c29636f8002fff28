// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import dev.w2s.gateway.admission.Admission;
import dev.w2s.gateway.settings.Upstream;
import dev.w2s.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Requests that nothing steers go to the upstream as they are, and its answers come back as they
 * are, byte by byte: tools, images, formats, whatever it can. Only the model's name and the key are
 * the upstream's own.
 */
final class Passage {
  /** Tells clients whether guides had a part in an answer. */
  static final String GUIDED = "X-W2s-Guided";

  private static final Logger LOG = LoggerFactory.getLogger(Passage.class);

  private final WebClient client;
  private final String model;
  private final Admission admission;
  private final Duration timeout;

  Passage(Upstream upstream, WebClient.Builder builder, Admission admission) {
    this.admission = admission;
    timeout = upstream.timeout();
    model = Objects.requireNonNull(upstream.model(), "model");
    String url = Objects.requireNonNull(upstream.baseUrl(), "baseUrl");
    String key = upstream.apiKey();
    client =
        builder
            .baseUrl(url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
            .defaultHeaders(
                headers -> {
                  if (key != null && !key.isBlank()) {
                    headers.setBearerAuth(key);
                  }
                })
            .build();
  }

  /** What the upstream calls its model. */
  String model() {
    return model;
  }

  /**
   * Passes a request on.
   *
   * @param path below the upstream's base URL
   */
  Mono<ServerResponse> pass(String path, byte[] body) {
    return ServerResponse.ok()
        .header(GUIDED, "false")
        .body((response, context) -> admission.admit(asked(path, body, response).flux()).then());
  }

  private Mono<Void> asked(String path, byte[] body, ServerHttpResponse response) {
    return client
        .post()
        .uri(path)
        .contentType(MediaType.APPLICATION_JSON)
        .accept(MediaType.ALL)
        .bodyValue(body)
        .retrieve()
        .onStatus(HttpStatusCode::isError, refused -> Mono.empty())
        .toEntityFlux(DataBuffer.class)
        .timeout(timeout)
        .flatMap(answer -> written(answer, response));
  }

  private Mono<Void> written(ResponseEntity<Flux<DataBuffer>> answer, ServerHttpResponse response) {
    int status = answer.getStatusCode().value();
    Flux<DataBuffer> body = answer.getBody() == null ? Flux.empty() : answer.getBody();
    if (Errors.isOfKey(status)) {
      return body.doOnNext(DataBufferUtils::release)
          .then(
              Mono.error(() -> new ServerException("the upstream gave status " + status, status)));
    }
    if (answer.getStatusCode().isError()) {
      LOG.warn("the upstream gave status {} for its model '{}'", status, model);
    }
    response.setStatusCode(answer.getStatusCode());
    for (String name : List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.RETRY_AFTER)) {
      List<String> values = answer.getHeaders().get(name);
      if (values != null) {
        response.getHeaders().put(name, values);
      }
    }
    // Neither the upstream nor the client may keep the other waiting for ever.
    return response.writeAndFlushWith(body.timeout(timeout).map(Mono::just));
  }
}
