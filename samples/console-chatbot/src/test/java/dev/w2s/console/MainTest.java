// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.testkit.ChatServer;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.ChatWorld.Temperament;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  private static final String TUNED = "embedded:movie-reviews/tuned";
  private static final String UNTUNED = "embedded:movie-reviews/untuned";
  private static final String ANSWER = "It was good, and the end was even better than that.";

  private static void assertUsage(Run run, String message) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().toList())
        .hasSizeLessThanOrEqualTo(3)
        .first()
        .asString()
        .startsWith("console-chatbot: ")
        .contains(message);
  }

  private static void assertFailure(Run run, String... messages) {
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("console-chatbot: ")
        .contains(messages)
        .doesNotContain("java.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "--base=a --base-url=http://h/v1;--base-url is 'http://h/v1'; beside --base it must not be",
        "--base-url=http://h/v1;--base-url is 'http://h/v1'; with it --base-model or W2S_BASE_MODEL",
        "--base-model=m;--base-model is 'm'; without --base-url it has no meaning",
        "--api-key-env=K;--api-key-env is 'K'; without --base-url it has no meaning",
        "--tuned=a;--tuned is 'a'; with it --untuned or W2S_UNTUNED must be given",
        "--untuned=a;--untuned is 'a'; with it --tuned or W2S_TUNED must be given",
        "--tuned=http://h/v1#m --untuned=a;tokenizer is missing",
        "--pair-tokenizer=t;--pair-tokenizer is 't'; without --tuned and --untuned",
        "--pair-model=m --wanted=a;--pair-model is 'm'; with it --wanted and --opposite must be",
        "--pair-model=m --wanted=a --opposite=a;must be given, and differ",
        "--wanted=a;--wanted is 'a'; without --pair-model it has no meaning",
        "--pair=x=a;--pair is 'x=a'; it must be NAME=TUNED,UNTUNED",
        "--pair=x=a,b --pair=x=c,d;there is another pair 'x'",
        "-W=0;beamWidth is 0",
        "-K=x;'x' is not an int",
        "--guard=much;guard is 'much'; it must be a number of nats above 0, or off",
        "--max-tokens=0;maxTokens is 0; it must be at least 1",
        "--temperature=-1;temperature is -1.0; it must be a number, 0 or above",
        "--seeed=1;Unknown option: '--seeed=1'",
        "measure --seeds=0;--seeds is 0; it must be at least 1"
      })
  void anOptionThatIsNotUnderstoodIsOneLineAndTheCodeTwo(String args, String message) {
    assertUsage(Run.of(Map.of(), "How?\n", args.split(" ", -1)), message);
  }

  @Test
  void variablesOfTheEnvironmentAreNamedAsSuch() {
    assertUsage(
        Run.of(Map.of("W2S_BASE_URL", "http://h/v1"), ""),
        "W2S_BASE_URL is 'http://h/v1'; with it --base-model or W2S_BASE_MODEL must be given");
    assertUsage(
        Run.of(Map.of("W2S_TUNED", "a"), ""), "W2S_TUNED is 'a'; with it --untuned or W2S_UNTUNED");
  }

  @Test
  void aModelThatIsNotThereIsNamedByWhatSaidSo() {
    assertFailure(Run.of(Map.of(), "", "--base=/no/such/model"), "--base is '/no/such/model'; ");
    assertFailure(
        Run.of(Map.of("W2S_BASE", "embedded:nothing"), ""), "W2S_BASE is 'embedded:nothing'; ");
    assertFailure(
        Run.of(Map.of("W2S_TUNED", "/no/tuned", "W2S_UNTUNED", UNTUNED), ""),
        "W2S_TUNED is '/no/tuned', W2S_UNTUNED is '" + UNTUNED + "'; ");
    assertFailure(
        Run.of(Map.of(), "", "--pair=x=" + TUNED + ",/no/untuned"),
        "--pair is 'x=" + TUNED + ",/no/untuned'; ");
  }

  @Test
  void aKeyThatIsNotThereIsNamed() {
    assertFailure(
        Run.of(
            Map.of("KEY", " "),
            "",
            "--base-url=http://h/v1",
            "--base-model=m",
            "--api-key-env=KEY"),
        "--api-key-env is 'KEY'; the environment has no such variable, or an empty one");
    assertFailure(
        Run.of(
            Map.of(),
            "",
            "--tuned=http://h/v1#m",
            "--untuned=" + UNTUNED,
            "--pair-tokenizer=" + UNTUNED,
            "--pair-api-key-env=KEY"),
        "--pair-api-key-env is 'KEY'; the environment has no such variable");
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port + "/v1";
    Run run = Run.of(Map.of("W2S_BASE_URL", url, "W2S_BASE_MODEL", "m"), "How?\n");
    assertFailure(run, "W2S_BASE_URL is '" + url + "', and there a server must answer");
  }

  @Test
  void anAddressThatIsNoneIsNamed() {
    assertFailure(
        Run.of(Map.of(), "", "--base-url=localhost", "--base-model=m"),
        "--base-url is 'localhost'; ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "401;;no key was sent: set OPENAI_API_KEY, or name another with --api-key-env",
        "401;secret;the key is that of OPENAI_API_KEY; --api-key-env names another",
        "404;;--base-url is '%s' and W2S_BASE_MODEL is 'm', and there must be such a model"
      })
  void whatAServerRefusesSaysWhatToDo(int status, String key, String message) throws IOException {
    try (RefusingServer server = new RefusingServer(status, "no\u001b[2J")) {
      Map<String, String> environment =
          key == null
              ? Map.of("W2S_BASE_MODEL", "m")
              : Map.of("W2S_BASE_MODEL", "m", "OPENAI_API_KEY", key);
      Run run = Run.of(environment, "How?\n", "--base-url=" + server.url());
      assertFailure(run, message.formatted(server.url()));
      assertThat(run.err()).doesNotContain("secret", "\u001b");
    }
  }

  @Test
  void aServersAnswersAreGuidedAndStreamed() throws IOException {
    ChatWorld world = new ChatWorld(ANSWER, new Random(1), Temperament.CONTINUES);
    try (ChatServer server = new ChatServer(world)) {
      Run run =
          Run.of(
              Map.of(),
              "How?\n/off\nHow?\n",
              "--base-url=" + server.url(),
              "--base-model=m",
              "-W2",
              "-K2",
              "--system=Be kind.");
      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isZero();
      assertThat(run.out().lines().toList())
          .hasSize(5)
          .startsWith(ANSWER)
          .contains("not guided")
          .element(1)
          .asString()
          .startsWith("score ");
      assertThat(world.requests()).anyMatch(request -> request.contains("Be kind."));
    }
  }

  @Test
  void pairsOfAllKindsStandSideBySide() {
    Run run =
        Run.of(
            Map.of("W2S_TUNED", TUNED, "W2S_UNTUNED", UNTUNED),
            "/pair\n",
            "--pair-model=" + UNTUNED,
            "--wanted=Loved it. ",
            "--opposite=Hated it. ",
            "--pair=other=" + UNTUNED + "," + TUNED);
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .containsExactly(
            "tuned  weight 1  " + TUNED + " against " + UNTUNED,
            "prompted  weight 1  " + UNTUNED + " under 'Loved it.' against 'Hated it.'",
            "other  weight 1  " + UNTUNED + " against " + TUNED);
  }

  @Test
  void oldTurnsAreLeftOutWhenTheModelsCannotHoldThem() {
    String question = "How was the acting in the second half of the movie? ".repeat(20).strip();
    Run run = Run.of(Map.of(), (question + "\n").repeat(3), "--seed=1", "--max-tokens=10", "-W1");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("the models cannot hold all of it: the oldest turn is left out");
  }

  @Test
  void aQuestionThatNoModelCanHoldIsOneLine() {
    Run run = Run.of(Map.of(), "movie ".repeat(600) + "\n", "--seed=1");
    assertFailure(run, "tokens", "512 positions");
  }

  @Test
  void aHistoryThatCannotBeKeptIsNamed() {
    assertFailure(
        Run.of(Map.of(), "", "--history=/no/such/folder/history"),
        "--history is '/no/such/folder/history'; it must be a file in a folder");
  }

  @Test
  void helpIsNoError() {
    Run run = Run.of(Map.of(), "", "--help");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("--base-url=URL", "W2S_BASE_URL", "--no-color", "measure");
  }
}
