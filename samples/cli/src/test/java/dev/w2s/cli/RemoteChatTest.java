// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.testkit.ChatServer;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.ChatWorld.Temperament;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frozen model behind a server, answering conversations. */
class RemoteChatTest {
  private static final String ANSWER =
      "It was a good movie, and the end was even better than that.";

  private static ChatWorld world(Temperament... ways) {
    return new ChatWorld(ANSWER, new Random(1), ways);
  }

  private static Call generate(ChatWorld world, String... more) throws IOException {
    try (ChatServer server = new ChatServer(world)) {
      List<String> args = new ArrayList<>(List.of("generate", "--base-url=" + server.url()));
      args.addAll(List.of("--base-model=base", "--max-tokens=60", "--json", "-W2", "-K3"));
      args.addAll(List.of("--tuned=" + Golden.TUNED, "--untuned=" + Golden.UNTUNED));
      args.addAll(List.of(more));
      return Call.of(args.toArray(String[]::new));
    }
  }

  private static JsonNode json(Call call) {
    assertThat(call.code()).as(call.err()).isZero();
    return Golden.parse(call.out());
  }

  /** Rendering takes one request with llama.cpp, two with vLLM, and a round takes one. */
  @ParameterizedTest
  @CsvSource({"TOKENIZES,2", "APPLIES_TEMPLATE,2"})
  void aServerThatRendersSeesOneRequestARound(Temperament way, int more) throws IOException {
    for (String[] prompt :
        new String[][] {{"--prompt=How was it?", "--api=chat"}, {"--prompt=How?", "--system=Be"}}) {
      JsonNode json = json(generate(world(way), prompt));
      assertThat(json.get("text").asText()).isEqualTo(ANSWER);
      assertThat(json.at("/usage/http_requests").asInt())
          .isEqualTo(json.get("rounds").size() + more);
      assertThat(json.at("/usage/fallbacks").asInt()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONTINUES,prefill",
    "REPEATS,prefill",
    "CONTINUES,auto",
    "CONTINUES_FINAL,continue-final",
    "CONTINUES_FINAL,auto",
    "CONTINUES_PREFIX,prefix",
    "OBEYS,instruction",
    "CONTINUES,whole"
  })
  void aChatGoesOnInWhicheverWay(Temperament way, String continuation) throws IOException {
    Call call =
        generate(world(way), "--prompt=How?", "--api=chat", "--continuation=" + continuation);
    JsonNode json = json(call);
    assertThat(json.get("text").asText()).isEqualTo(ANSWER);
    assertThat(json.get("rounds").size() == 1).isEqualTo(continuation.equals("whole"));
  }

  /** It does not render, and goes on in none of three ways. */
  @Test
  void whatIsWorkedAroundIsCounted() throws IOException {
    Call call = generate(world(Temperament.REFUSES_FIELDS), "--prompt=How?", "--api=chat");
    assertThat(json(call).at("/usage/fallbacks").asInt()).isEqualTo(4);
  }

  @Test
  void theTemplateOfARawPromptIsWhatTheUserSays() throws IOException {
    ChatWorld world = world(Temperament.CONTINUES);
    generate(world, "--prompt=How?", "--api=chat", "--template=Tell me. {{prompt}}");
    assertThat(world.requests())
        .allSatisfy(request -> assertThat(request).contains("\"content\":\"Tell me. How?\""));
  }

  @Test
  void aTokenizerRendersInPlaceOfTheServer() throws IOException {
    ChatWorld world = world();
    generate(world, "--prompt=How?", "--api=chat", "--base-tokenizer=" + Golden.BASE);
    assertThat(world.requests())
        .allSatisfy(request -> assertThat(request).startsWith("/v1/completions "))
        .first()
        .asString()
        .containsPattern("\"prompt\":\\[\\d+,");
  }

  @Test
  void whatDoesNotGoTogetherIsAnErrorOfUsage() throws IOException {
    for (String option : List.of("--api=chat", "--continuation=auto", "--base-tokenizer=x")) {
      Call call = Call.of("generate", "--base=x", "--prompt=y", "--method=base", option);
      assertThat(call.code()).isEqualTo(2);
      assertThat(call.err()).contains(option.replace("=", " is '") + "'; without --base-url");
    }
    Call raw = generate(world(), "--prompt=y", "--continuation=prefill");
    assertThat(raw.code()).isEqualTo(2);
    assertThat(raw.err()).contains("--continuation is 'prefill'; a raw prompt is continued as it");
    Call both =
        generate(
            world(),
            "--prompt=y",
            "--api=chat",
            "--continuation=prefill",
            "--base-tokenizer=" + Golden.BASE);
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("continuation is PREFILL; beside a tokenizer");
    Call suffix = generate(world(), "--prompt=y", "--system=z", "--suffix= ");
    assertThat(suffix.code()).isEqualTo(2);
    assertThat(suffix.err()).contains("--suffix need --base-tokenizer");
    Call wrong = generate(world(), "--prompt=y", "--api=chat", "--continuation=guess");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("continue-final");
  }
}
