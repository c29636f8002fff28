// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.spring.Contexts;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** A whole application, guided by the embedded pair. */
class ApplicationTest {
  private static final String QUESTION = "How was the movie, confidentially?";
  private static final String LOCAL =
      "langchain4j.w2s.local.base.model=embedded:movie-reviews/base";
  private static final String SHORT = "langchain4j.w2s.search.max-tokens=15";

  private static RunningApplication guided(WebApplicationType type, String... more) {
    List<String> properties =
        new ArrayList<>(List.of(Contexts.TUNED, Contexts.UNTUNED, LOCAL, SHORT));
    properties.addAll(List.of(more));
    return RunningApplication.start(ChatApplication.class, type, properties.toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource(
      value = WebApplicationType.class,
      names = {"SERVLET", "REACTIVE"})
  void answersGuidedOverHttp(WebApplicationType type) throws Exception {
    try (RunningApplication application = guided(type)) {
      HttpResponse<String> answer = application.ask("/ask", QUESTION);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isNotBlank();
      HttpResponse<String> streamed = application.ask("/stream", QUESTION);
      assertThat(streamed.statusCode()).isEqualTo(200);
      assertThat(streamed.body()).startsWith("data:[Thread[").contains("w2s-answer");

      JsonNode w2s = application.json("/actuator/w2s");
      assertThat(w2s.at("/guided").asBoolean()).isTrue();
      assertThat(w2s.at("/guides/positive/weight").asDouble()).isEqualTo(1);
      assertThat(w2s.at("/guides/positive/loaded/state").asText()).isEqualTo("ready");
      assertThat(w2s.at("/guides/positive/loaded/models/0/device").asText()).isEqualTo("cpu");
      assertThat(w2s.at("/guides/positive/loaded/models/0/bytes").asLong()).isPositive();
      assertThat(w2s.at("/models/baseChatModel").asText())
          .isEqualTo("dev.w2s.local.LocalChatModel");
      assertThat(w2s.at("/models/baseStreamingChatModel").asText()).contains("Streaming");
      assertThat(w2s.at("/search/beamWidth").asInt()).isEqualTo(4);
      assertThat(w2s.at("/counters/searches").asLong()).isEqualTo(2);
      assertThat(w2s.at("/counters/scoredTokens").asLong()).isPositive();

      JsonNode health = application.json("/actuator/health");
      assertThat(health.at("/status").asText()).isEqualTo("UP");
      assertThat(health.at("/components/w2s/details/positive/state").asText()).isEqualTo("ready");
      JsonNode info = application.json("/actuator/info");
      assertThat(info.at("/w2s/guides/positive").asDouble()).isEqualTo(1);
      assertThat(
              application
                  .json("/actuator/metrics/w2s.searches")
                  .at("/measurements/0/value")
                  .asDouble())
          .isEqualTo(2);
      for (String path : new String[] {"w2s", "health", "info", "configprops", "metrics"}) {
        assertThat(application.get("/actuator/" + path).body()).doesNotContain("confidentially");
      }
    }
  }

  @Test
  void theSwitchIsOffUnlessItIsAllowed() throws Exception {
    try (RunningApplication application = guided(WebApplicationType.SERVLET)) {
      assertThat(application.post("/actuator/w2s", "{\"guided\": false}")).isEqualTo(405);
      assertThat(application.json("/actuator/w2s").at("/guided").asBoolean()).isTrue();
    }
    try (RunningApplication application =
        guided(WebApplicationType.SERVLET, "management.endpoint.w2s.access=unrestricted")) {
      assertThat(application.post("/actuator/w2s", "{\"guided\": false}")).isEqualTo(204);
      application.ask("/ask", QUESTION);
      JsonNode off = application.json("/actuator/w2s");
      assertThat(off.at("/guided").asBoolean()).isFalse();
      assertThat(off.at("/counters/searches").asLong()).isZero();
      assertThat(off.at("/counters/unguided").asLong()).isEqualTo(1);
      assertThat(application.post("/actuator/w2s", "{\"guided\": true}")).isEqualTo(204);
      application.ask("/ask", QUESTION);
      assertThat(application.json("/actuator/w2s").at("/counters/searches").asLong()).isEqualTo(1);
    }
  }

  @Test
  void aGuideThatCannotBeLoadedMakesHealthDown() throws Exception {
    try (RunningApplication application =
        RunningApplication.start(
            ChatApplication.class,
            WebApplicationType.SERVLET,
            LOCAL,
            "langchain4j.w2s.rewards.gold.model=embedded:movie-reviews/gold",
            "langchain4j.w2s.rewards.gold.label=no such label")) {
      assertThat(application.ask("/ask", QUESTION).statusCode()).isEqualTo(500);
      HttpResponse<String> health = application.get("/actuator/health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("\"DOWN\"").contains("label is no such label");
    }
  }

  @Test
  void virtualThreadsAnswerWhereTheApplicationHasThem() throws Exception {
    try (RunningApplication application =
        guided(WebApplicationType.SERVLET, "spring.threads.virtual.enabled=true")) {
      boolean there = Runtime.version().feature() >= 21;
      assertThat(application.ask("/stream", QUESTION).body())
          .startsWith(there ? "data:[VirtualThread[" : "data:[Thread[")
          .contains("w2s-answer");
      assertThat(application.ask("/ask", QUESTION).statusCode()).isEqualTo(200);
    }
  }
}
