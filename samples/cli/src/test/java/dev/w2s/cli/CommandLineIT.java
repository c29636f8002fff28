// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the packaged jar as its users do. */
class CommandLineIT {
  private static final Path JAR = Path.of("target/w2s.jar");
  private static final String[] GENERATE = {
    "generate", "--base=" + Golden.BASE, "--tuned=" + Golden.TUNED, "--untuned=" + Golden.UNTUNED
  };

  @TempDir private Path directory;

  private ProcessBuilder process(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-jar", JAR.toString()));
    command.addAll(List.of(args));
    // The C locale, which is what most containers have: text must be UTF-8 all the same.
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("LC_ALL", "C");
    process.environment().remove("JAVA_TOOL_OPTIONS");
    return process;
  }

  private Call run(String input, String... args) throws IOException, InterruptedException {
    return run(input, process(args));
  }

  private Call run(String input, ProcessBuilder command) throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process = command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().write(input.getBytes(UTF_8));
    process.getOutputStream().close();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Call(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Runs with a stream closed as a shell closes it, {@code <&-} for one. */
  private Call runWith(String redirection, String... args) throws Exception {
    ProcessBuilder process = process(args);
    process.command().addAll(0, List.of("sh", "-c", "exec \"$@\" " + redirection, "sh"));
    return run("", process);
  }

  private static String[] with(String[] args, String... more) {
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return all;
  }

  @Test
  void theSameSeedGivesTheSameText() throws Exception {
    String[] args = with(GENERATE, "--prompt=This movie was", "--seed=42", "--max-tokens=20");
    Call first = run("", args);
    assertThat(first.code()).isZero();
    assertThat(first.err()).isEmpty();
    assertThat(first.out()).isNotBlank().isEqualTo(run("", args).out());
  }

  @Test
  void widthOneIsTheBaseModel() throws Exception {
    String[] args = with(GENERATE, "--prompt=This movie was", "--seed=42");
    Call base = run("", with(args, "--method=base"));
    assertThat(base.out()).isNotBlank();
    assertThat(run("", with(args, "-W", "1", "-K", "1")).out()).isEqualTo(base.out());
  }

  @Test
  void scoresAreTheReferences() throws Exception {
    Map<String, List<JsonNode>> byPrompt = new LinkedHashMap<>();
    for (JsonNode pair : Golden.pairs()) {
      byPrompt.computeIfAbsent(pair.get("prompt").asText(), p -> new ArrayList<>()).add(pair);
    }
    // Some prompts have text beyond ASCII; each prompt is a process.
    assertThat(byPrompt.keySet()).contains("Caf", "日本", "So good 😀");
    for (String prompt : List.of("This movie was", "The movie  ", "日本", "So good 😀")) {
      List<JsonNode> pairs = byPrompt.get(prompt);
      StringBuilder input = new StringBuilder();
      pairs.forEach(
          p ->
              input.append(
                  Golden.response(p.get("response").asText(), p.get("ended").asBoolean())));
      Call call =
          run(
              input.toString(),
              "score",
              "--tuned=" + Golden.TUNED,
              "--untuned=" + Golden.UNTUNED,
              "--prompt=" + prompt,
              "--responses=-");
      assertThat(call.err()).isEmpty();
      assertThat(call.outLines()).hasSameSizeAs(pairs);
      for (int i = 0; i < pairs.size(); i++) {
        assertThat(Golden.parse(call.outLines().get(i)).get("score").asDouble())
            .isCloseTo(pairs.get(i).get("score").asDouble(), within(1e-3));
      }
    }
  }

  @Test
  void brokenInputIsOneLineAndOne() throws Exception {
    Call call =
        run(
            "{\"text\": \"a\"",
            "score",
            "--tuned=" + Golden.TUNED,
            "--untuned=" + Golden.UNTUNED,
            "--prompt=Café",
            "--responses=-");
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.out()).isEmpty();
    assertThat(call.errLines()).singleElement().asString().contains("standard input:1");
    Call missing = run("", "inspect", "/no/such/model");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.errLines()).singleElement().asString().contains("/no/such/model");
  }

  @Test
  void misuseIsTwo() throws Exception {
    assertThat(run("", "score", "--bogus").code()).isEqualTo(2);
    assertThat(run("").code()).isEqualTo(2);
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      disabledReason = "elsewhere a process cannot see its own command line")
  void bytesThatAreNoTextAreMisuse() throws Exception {
    for (String locale : List.of("C", "C.UTF-8")) {
      ProcessBuilder process = process("inspect");
      process.environment().put("LC_ALL", locale);
      // Java could not pass the byte itself.
      process
          .command()
          .addAll(0, List.of("sh", "-c", "exec \"$@\" \"$(printf 'caf\\351')\"", "sh"));
      assertThat(run("", process)).isEqualTo(new Call(2, "", "w2s: argument 2: not UTF-8\n"));
    }
  }

  @Test
  void aResponseCutByThePositionsIsOneLine() throws Exception {
    String tiny = Golden.model("gpt2-odd"); // with 48 positions
    String[] args = {"generate", "--base=" + tiny, "--method=base", "--prompt=" + "a".repeat(48)};
    Call call = run("", args);
    assertThat(call.code()).isZero();
    assertThat(call.errLines()).singleElement().asString().startsWith("w2s: response cut after 0");
  }

  @Test
  void inspectSeesAPair() throws Exception {
    Call call = run("", "inspect", Golden.TUNED, Golden.UNTUNED);
    assertThat(call.code()).isZero();
    assertThat(call.err()).isEmpty();
    assertThat(call.out()).contains("gpt2", "pair: valid");
  }

  @Test
  void aReaderThatLeavesIsNoError() throws Exception {
    Path err = directory.resolve("err");
    Process process =
        process(
                "score",
                "--tuned=" + Golden.TUNED,
                "--untuned=" + Golden.UNTUNED,
                "--prompt=This",
                "--responses=-")
            .redirectError(err.toFile())
            .start();
    process.getInputStream().close();
    process.getOutputStream().write(Golden.response(" movie", false).getBytes(UTF_8));
    process.getOutputStream().close();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(err)).isEmpty();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "asks a POSIX shell")
  void aClosedStreamIsNoCrash() throws Exception {
    String[] pair = {"--tuned=" + Golden.TUNED, "--untuned=" + Golden.UNTUNED};
    Call score = runWith("<&-", "score", pair[0], pair[1], "--prompt=a", "--responses=-");
    assertThat(score).isEqualTo(new Call(1, "", "w2s: standard input: is closed\n"));
    String[] base = {"generate", "--base=" + Golden.BASE, "--method=base", "--max-tokens=3"};
    assertThat(runWith("<&-", with(base, "--prompts=-")).code()).isEqualTo(1);
    Call unneeded = runWith("<&-", with(base, "--prompt=a"));
    assertThat(unneeded.code()).isZero();
    assertThat(unneeded.err()).isEmpty();
    Call mute = runWith(">&-", with(base, "--prompt=a"));
    assertThat(mute.code()).isEqualTo(1);
    assertThat(mute.errLines()).singleElement().asString().startsWith("w2s: standard output: ");
    assertThat(runWith("2>&-", with(base, "--prompt=a")).code()).isZero();
    assertThat(runWith("2>&-", "inspect", "/no/such/model").code()).isEqualTo(1);
  }

  /** A library that cannot be unpacked is no fault of a model's. */
  @ParameterizedTest
  @ValueSource(strings = {"tokenizers", "pytorch"})
  void aCacheThatCannotBeWrittenIsNamedInOneLine(String library) throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Files.createFile(cache.resolve(library)); // a file where a folder should come
    ProcessBuilder process = process(with(GENERATE, "--prompt=a", "--method=base"));
    process.environment().put("DJL_CACHE_DIR", cache.toString());

    Call call = run("", process);

    assertThat(call.code()).isEqualTo(1);
    assertThat(call.err().lines())
        .singleElement()
        .asString()
        .contains("cannot be loaded", cache.toString(), "DJL_CACHE_DIR")
        .doesNotContain("tokenizer.json");
  }

  /** As for a user id that the system has no name for; the cache there is empty. */
  @Test
  void aUserWithoutAHomeHasThatOfTheEnvironment() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    ProcessBuilder process = process("inspect", Golden.UNTUNED);
    process.command().add(1, "-Duser.home=?");
    process.environment().keySet().removeAll(List.of("W2S_CACHE", "XDG_CACHE_HOME"));
    process.environment().put("HOME", home.toString());

    Call call = run("", process);

    assertThat(call.err()).isEmpty();
    assertThat(call.code()).isZero();
    assertThat(home.resolve(".cache/w2s/movie-reviews/untuned")).isDirectory();
    assertThat(home.resolve(".djl.ai/tokenizers")).isDirectory();
    assertThat(Path.of("?")).doesNotExist();
  }

  @Test
  void aPathThatTheLocaleCannotSpellIsSoNamed() throws Exception {
    Call call = run("", "inspect", "mödel");

    assertThat(call.code()).isEqualTo(1);
    assertThat(call.err().lines())
        .singleElement()
        .asString()
        .contains("'mödel'", "LC_ALL=C.UTF-8 helps");
  }

  @Test
  void demoPrintsItsTable() throws Exception {
    Call call = run("", "demo");
    assertThat(call.code()).isZero();
    assertThat(call.out())
        .containsPattern("\\n  base +[+-]")
        .containsPattern("\\n  best-of-16 +[+-]")
        .containsPattern("\\n  CBS\\(4,4,5\\) +[+-]")
        .contains("In order of reward: base < ");
    assertThat(call.outLines()).allMatch(line -> line.length() <= 100);
    assertThat(call.errLines()).hasSizeBetween(1, 10).allMatch(line -> line.contains("%"));
  }

  @Test
  void benchComparesCachedAndFreshScores() throws Exception {
    Call call = run("", "bench", "--tokens=20");
    assertThat(call.code()).isZero();
    assertThat(call.out()).contains("Embedded pair", "afresh/cached", "largest difference");
    assertThat(call.out())
        .containsPattern("to the first guided text, median of 3, .* [0-9.]+ +(reached|missed)");
  }

  /**
   * Ended while the server thinks about the third round; by TERM, which goes the same way as
   * Ctrl-C: shells have the processes that they run in the background ignore that.
   */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no TERM signal there")
  void anInterruptEndsWithTheBestSoFar() throws Exception {
    CountDownLatch third = new CountDownLatch(3);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/completions",
        exchange -> {
          third.countDown();
          JsonNode asked =
              Golden.parse(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          String choices =
              IntStream.range(0, asked.path("n").asInt(1))
                  .mapToObj("{'text': ' good', 'finish_reason': 'length', 'index': %d}"::formatted)
                  .collect(Collectors.joining(", "));
          byte[] answer = "{'choices': [%s]}".formatted(choices).replace('\'', '"').getBytes(UTF_8);
          if (third.getCount() > 0) {
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
              out.write(answer);
            }
          }
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        process(
                "generate",
                "--base-url=" + url,
                "--base-model=base",
                "--tuned=" + Golden.TUNED,
                "--untuned=" + Golden.UNTUNED,
                "--prompt=This movie was",
                "--seed=3")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(third.await(1, TimeUnit.MINUTES)).isTrue();
      process.destroy();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
      server.stop(0);
    }
    assertThat(Files.readString(out).strip()).isEqualTo("good good");
    assertThat(Files.readString(err)).contains("w2s: interrupted; the best so far, of 10 tokens");
    assertThat(process.exitValue()).isEqualTo(143);
  }
}
