// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway on a port of this machine, and a client that knows nothing of OpenAI. */
final class Gateway implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private Gateway(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts one. */
  static Gateway start(String... properties) {
    List<String> arguments = new ArrayList<>(List.of("--port=0"));
    Arrays.stream(properties).map(property -> "--" + property).forEach(arguments::add);
    return new Gateway(GatewayApplication.application().run(arguments.toArray(String[]::new)));
  }

  String root() {
    return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  String url() {
    return root() + "/v1";
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(root() + path)).build(), BodyHandlers.ofString());
  }

  HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(URI.create(root() + path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** The answer to a request that succeeds. */
  JsonNode ask(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> response = post(path, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  /** The error of a request that fails. */
  JsonNode error(int status, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> response = post(path, body);
    if (response.statusCode() != status) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body()).get("error");
  }

  /** The data of a stream's events, the last one as text. */
  List<String> events(String path, String body) throws IOException, InterruptedException {
    return dataOf(post(path, body).body());
  }

  static List<String> dataOf(String stream) {
    List<String> data = new ArrayList<>();
    for (String event : stream.split("\n\n", -1)) {
      if (event.startsWith("data: ")) {
        data.add(event.substring("data: ".length()));
      }
    }
    return data;
  }

  static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }

  HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    context.close();
  }
}
