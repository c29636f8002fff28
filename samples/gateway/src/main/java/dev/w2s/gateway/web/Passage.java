// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import dev.w2s.gateway.admission.Admission;
import dev.w2s.gateway.settings.Upstream;
import java.util.List;
import java.util.Objects;
import org.springframework.core.io.buffer.DataBuffer;
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

  private final WebClient client;
  private final String model;
  private final Admission admission;

  Passage(Upstream upstream, WebClient.Builder builder, Admission admission) {
    this.admission = admission;
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
        .flatMap(answer -> written(answer, response));
  }

  private static Mono<Void> written(
      ResponseEntity<Flux<DataBuffer>> answer, ServerHttpResponse response) {
    response.setStatusCode(answer.getStatusCode());
    for (String name : List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.RETRY_AFTER)) {
      List<String> values = answer.getHeaders().get(name);
      if (values != null) {
        response.getHeaders().put(name, values);
      }
    }
    Flux<DataBuffer> body = answer.getBody();
    return body == null ? response.setComplete() : response.writeAndFlushWith(body.map(Mono::just));
  }
}
