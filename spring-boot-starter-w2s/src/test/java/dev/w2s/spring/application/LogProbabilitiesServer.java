// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that tells how likely the tokens of a prompt are, as vLLM does: to its model {@code
 * tuned} every token is likelier than to any other, so that longer responses win.
 */
final class LogProbabilitiesServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final Set<String> models = new ConcurrentSkipListSet<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();

  LogProbabilitiesServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/completions", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** The models that were asked. */
  Set<String> models() {
    return models;
  }

  /** What came as authorization. */
  List<String> keys() {
    return keys;
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
    models.add(asked.path("model").asText());
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    double scale = asked.path("model").asText().equals("tuned") ? 0.1 : 0.2;
    ObjectNode body = JSON.createObjectNode();
    ArrayNode choices = body.putArray("choices");
    for (JsonNode prompt : asked.path("prompt")) {
      ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
      ArrayNode tokens = choice.putArray("prompt_logprobs").addNull();
      for (int i = 1; i < prompt.size(); i++) {
        int id = prompt.get(i).asInt();
        tokens.addObject().putObject(Integer.toString(id)).put("logprob", -scale * (1 + id % 7));
      }
    }
    byte[] bytes = body.toString().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
