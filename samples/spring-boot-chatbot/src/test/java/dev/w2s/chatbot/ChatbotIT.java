// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** The jar, with all that it needs in it. */
class ChatbotIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Test
  void theJarAnswers() throws Exception {
    try (ChatbotProcess chatbot = ChatbotProcess.startJar()) {
      String page = get(chatbot.url());
      assertThat(page).contains("app/main.js");
      assertThat(get(chatbot.url() + "app/main.js")).contains("import");
      assertThat(get(chatbot.url() + "api/settings")).contains("\"positive\":1.0");
      HttpRequest question =
          HttpRequest.newBuilder(URI.create(chatbot.url() + "api/answers"))
              .header("Content-Type", "application/json")
              .POST(
                  BodyPublishers.ofString(
                      "{\"conversation\":\"a\",\"question\":\"How was it?\",\"guided\":true,"
                          + "\"weights\":{\"positive\":1},\"beamWidth\":2,\"successors\":2,\"chunkLength\":5}"))
              .build();
      assertThat(CLIENT.send(question, BodyHandlers.ofString()).body())
          .contains("event:round", "event:text", "event:done");
    }
  }

  private static String get(String url) throws Exception {
    HttpResponse<String> response =
        CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(url).isEqualTo(200);
    return response.body();
  }
}
