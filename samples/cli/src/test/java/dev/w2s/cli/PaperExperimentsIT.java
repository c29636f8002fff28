// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.w2s.cli.experiment.file.ExperimentFile;
import dev.w2s.model.FamilyModels;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.files.Safetensors;
import dev.w2s.model.hub.FakeHub;
import dev.w2s.testkit.CompletionsWorld;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The paper's experiments from end to end, on tiny models of the same families under the names of
 * the paper's, from a hub of the test's own; the black box is a server of the test's own. One of
 * each kind is run and all are read; all are run, in some minutes, with {@code
 * "-Dtest.argLine=-Dw2s.paper=all"}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class PaperExperimentsIT {
  private static final Path FILES = Path.of("../experiments/paper");
  private static final List<String> ONE_OF_EACH =
      List.of(
          "instructions-gpt-3.5-turbo-instruct.yaml",
          "instructions-llama-2-7b-chat.yaml",
          "sentiment-gpt2-large.yaml",
          "summarization-llama-3-8b.yaml");
  private static final String OPENAI = "https://api.openai.com/v1";
  private static final String POSITIONS = "240";

  /** In place of the paper's 50 to 2048, which are more than tiny models have positions. */
  private static final int TOKENS = 20;

  private Path directory;
  private FakeHub hub;
  private HttpServer server;

  @BeforeAll
  void start(@TempDir Path fresh) throws IOException {
    directory = fresh;
    hub = new FakeHub();
    Path gpt2 = longer("gpt2-scaled", sub("gpt2")).path();
    List.of("gpt2-large", "gpt2-xl")
        .forEach(name -> hub.push("openai-community/" + name, "main", gpt2));
    Path llama2 = family("llama-yarn");
    Stream.of("7b-hf", "7b-chat-hf", "13b-chat-hf", "70b-chat-hf")
        .forEach(size -> hub.push("meta-llama/Llama-2-" + size, "main", llama2));
    Path llama3 =
        ModelDirectory.copyOf(Path.of(Golden.model("llama-gqa")), sub("llama3"))
            .config("max_position_embeddings", POSITIONS)
            .path();
    Stream.of("8B", "8B-Instruct", "70B-Instruct")
        .forEach(size -> hub.push("meta-llama/Meta-Llama-3-" + size, "main", llama3));
    Path mistral = family("mistral");
    List.of(
            "HuggingFaceH4/zephyr-7b-beta",
            "HuggingFaceH4/mistral-7b-sft-beta",
            "berkeley-nest/Starling-LM-7B-alpha")
        .forEach(name -> hub.push(name, "main", mistral));
    hub.push("openchat/openchat_3.5", "refs/pr/36", mistral);
    copyFiles();
    pair("pairs/gpt2-imdb");
    pair("pairs/gpt2-imdb-dpo");
    pair("pairs/gpt2-tldr-sft");
    pair("pairs/gpt2-tldr-dpo");
    converted("pairs/tulu-2-7b");
    converted("pairs/tulu-2-dpo-7b");
    judge("judges/tldr-reward");
    server = server();
  }

  private Path sub(String name) throws IOException {
    return Files.createDirectories(directory.resolve("models").resolve(name));
  }

  private Path family(String name) throws IOException {
    return FamilyModels.copyOf(name, sub(name)).config("max_position_embeddings", POSITIONS).path();
  }

  private void pair(String place) throws IOException {
    longer("gpt2-scaled", Files.createDirectories(paper().resolve(place)));
  }

  private void converted(String place) throws IOException {
    FamilyModels.copyOf("llama-yarn", Files.createDirectories(paper().resolve(place)))
        .config("max_position_embeddings", POSITIONS);
  }

  /** One that tells how good a summary is, and not of which kind. */
  private void judge(String place) throws IOException {
    longer("gpt2-classifier", Files.createDirectories(paper().resolve(place)))
        .config("id2label", "{\"0\": \"LABEL_0\"}")
        .config("label2id", "{\"LABEL_0\": 0}")
        .weights(all -> all.change("score.weight", tensor -> rows(tensor, 1)));
  }

  /** A GPT-2 whose positions are repeated. */
  private static ModelDirectory longer(String model, Path target) {
    return ModelDirectory.copyOf(Path.of(Golden.model(model)), target)
        .config("n_positions", POSITIONS)
        .weights(
            all ->
                all.change(
                    "transformer.wpe.weight", tensor -> rows(tensor, Integer.parseInt(POSITIONS))));
  }

  private static Safetensors.Tensor rows(Safetensors.Tensor tensor, int rows) {
    long columns = tensor.shape().get(1);
    byte[] there = tensor.bytes();
    byte[] wanted = new byte[Math.toIntExact(rows * columns * Float.BYTES)];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = there[i % there.length];
    }
    return new Safetensors.Tensor(tensor.type(), List.of((long) rows, columns), wanted);
  }

  private Path paper() {
    return directory.resolve("paper");
  }

  /** As they stand, but for the address of the black box; and a prompt of each kind. */
  private void copyFiles() throws IOException {
    try (Stream<Path> files = Files.walk(FILES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = paper().resolve(FILES.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Path prompts = Files.createDirectories(paper().resolve("prompts"));
    for (String name : List.of("imdb-test-200", "tldr-validation", "alpaca-eval")) {
      Files.writeString(prompts.resolve(name + ".jsonl"), "{\"prompt\": \"A\"}\n");
    }
  }

  private static HttpServer server() throws IOException {
    CompletionsWorld world = new CompletionsWorld();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/completions", exchange -> answer(exchange, world));
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange, CompletionsWorld world) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    CompletionsWorld.Answer answer = world.answer(new String(body, UTF_8));
    byte[] bytes = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @AfterAll
  void stop() {
    hub.close();
    server.stop(0);
  }

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  static List<String> runs() throws IOException {
    if ("all".equals(System.getProperty("w2s.paper"))) {
      return files();
    }
    System.err.println(
        "SKIPPED, %d of the paper's files are run and the others read; all are run with -Dw2s.paper=all"
            .formatted(ONE_OF_EACH.size()));
    return ONE_OF_EACH;
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachIsSound(String name) throws IOException {
    String yaml = Files.readString(paper().resolve(name));
    Path copy = paper().resolve("read-" + name);
    Files.writeString(copy, yaml.replace("api-key-env: OPENAI_API_KEY", "api-key-env: PATH"));
    assertThat(ExperimentFile.read(copy).methods()).hasSizeGreaterThan(2);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void itRunsToItsEnd(String name) throws Exception {
    Path file = paper().resolve(name);
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    String yaml = Files.readString(file).replace(OPENAI, url);
    Files.writeString(file, yaml.replaceFirst("max-tokens: \\d+", "max-tokens: " + TOKENS));
    Path out = directory.resolve(name + ".out");
    assertThat(run(file, out)).as(Files.readString(err(out))).isZero();
    List<String> lines = Files.readAllLines(out.resolve("results.jsonl"));
    JsonNode stored = Golden.parse(Files.readString(out.resolve("experiment.json")));
    int methods = stored.at("/design/methods").size();
    int seeds = stored.at("/design/seeds").size();
    assertThat(lines).isNotEmpty().hasSize(methods * seeds);
    assertThat(lines)
        .allSatisfy(line -> assertThat(Golden.parse(line).get("failure").isNull()).isTrue());
  }

  private static Path err(Path out) {
    return out.resolveSibling(out.getFileName() + ".err");
  }

  private int run(Path file, Path out) throws IOException, InterruptedException {
    ProcessBuilder process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-jar",
                "target/w2s.jar",
                "experiment",
                "run",
                file.toString(),
                "--out=" + out)
            .redirectErrorStream(true)
            .redirectOutput(err(out).toFile());
    process.environment().remove("JAVA_TOOL_OPTIONS");
    process.environment().put("HF_ENDPOINT", hub.url());
    process.environment().put("HF_HOME", directory.resolve("hub-cache").toString());
    process.environment().put("OPENAI_API_KEY", "key");
    Process running = process.start();
    assertThat(running.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return running.exitValue();
  }
}
