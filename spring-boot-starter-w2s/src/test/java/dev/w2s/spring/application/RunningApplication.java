// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application on a port of this machine, asked over HTTP. */
record RunningApplication(ConfigurableApplicationContext context) implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  static RunningApplication start(Class<?> source, WebApplicationType type, String... properties) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint.health.show-details=always"));
    for (String property : properties) {
      arguments.add("--" + property);
    }
    return new RunningApplication(
        new SpringApplicationBuilder(source)
            .web(type)
            .bannerMode(Banner.Mode.OFF)
            .run(arguments.toArray(String[]::new)));
  }

  private HttpRequest.Builder request(String path) {
    String port = context.getEnvironment().getProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofMinutes(2));
  }

  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  HttpResponse<String> ask(String path, String question) throws IOException, InterruptedException {
    return get(path + "?question=" + URLEncoder.encode(question, StandardCharsets.UTF_8));
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return new JsonMapper().readTree(get(path).body());
  }

  int post(String path, String json) throws IOException, InterruptedException {
    return send(request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build())
        .statusCode();
  }

  @Override
  public void close() {
    context.close();
  }
}
