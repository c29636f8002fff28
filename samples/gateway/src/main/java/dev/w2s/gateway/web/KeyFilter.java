// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import dev.w2s.gateway.admission.BearerKeys;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Everything asks for a key but what tells whether the server lives. */
record KeyFilter(BearerKeys keys) implements WebFilter {
  private static final Set<String> OPEN =
      Set.of("/health", "/health/liveness", "/health/readiness");

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (!OPEN.contains(exchange.getRequest().getPath().value())) {
      keys.check(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
    }
    return chain.filter(exchange);
  }
}
