// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.w2s.model.OpenNatives;
import dev.w2s.testkit.CompletionsWorld;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiny experiments, from end to end. */
class ExperimentCommandTest {
  private static final String TINY =
      """
      base: {model: embedded:movie-reviews/base}
      guides:
        pair: {tuned: embedded:movie-reviews/tuned, untuned: embedded:movie-reviews/untuned}
      judges:
        gold: {reward: embedded:movie-reviews/gold, label: POSITIVE}
        sentences: {reward: embedded:movie-reviews/gold, label: POSITIVE, per: sentence}
        ratio: {log-ratio: pair}
      prompts: {list: [This movie was, I think that, The actors, Well]}
      methods:
        - method: base
        - {method: best-of-n, n: 3}
        - {method: cbs, w: 2, k: 2, l: [2, 3]}
        - {method: alone, model: embedded:movie-reviews/tuned, name: tuned}
      sampling: {max-tokens: 6}
      seeds: [1, 5]
      """;
  private static final int METHODS = 5;

  @TempDir private Path directory;
  private HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("tiny.yaml"), yaml);
  }

  private Call run(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("experiment", "run"));
    args.add(directory.resolve("tiny.yaml").toString());
    args.add("--out=" + directory.resolve(out));
    args.addAll(List.of(more));
    return Call.of(args.toArray(String[]::new));
  }

  private Call merge(String out, String... shards) {
    List<String> args = new ArrayList<>(List.of("experiment", "merge"));
    args.add("--out=" + directory.resolve(out));
    Arrays.stream(shards).forEach(shard -> args.add(directory.resolve(shard).toString()));
    return Call.of(args.toArray(String[]::new));
  }

  private List<JsonNode> results(String out) throws IOException {
    return Files.readAllLines(directory.resolve(out).resolve("results.jsonl")).stream()
        .map(Golden::parse)
        .toList();
  }

  /** What two runs must have in common. */
  private List<String> withoutSeconds(String out) throws IOException {
    return results(out).stream()
        .map(line -> ((ObjectNode) line).without("seconds").toString())
        .toList();
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }

  /** The lines of a CSV file by their first field, as lists of fields. */
  private Map<String, Map<String, String>> summary(String out) throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve(out).resolve("summary.csv"));
    List<String> heads = List.of(lines.get(0).split(",", -1));
    return lines.stream()
        .skip(1)
        .map(line -> List.of(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)))
        .collect(
            Collectors.toMap(
                fields -> fields.get(0).replace("\"", ""),
                fields ->
                    IntStream.range(0, heads.size())
                        .boxed()
                        .collect(Collectors.toMap(heads::get, fields::get))));
  }

  @Test
  void aTinyExperimentFromEndToEnd() throws IOException {
    file(TINY);
    Call call = run("out");
    assertThat(call.code()).as(call.err()).isZero();
    assertThat(call.err()).contains("100 %, 40 of 40, 0:00 left");
    assertThat(call.out())
        .contains("| CBS(2,2,3) | 8 | ")
        .endsWith("report.md" + System.lineSeparator());
    List<JsonNode> results = results("out");
    assertThat(results).hasSize(4 * 2 * METHODS);
    for (JsonNode line : results) {
      assertThat(line.get("reward")).isEqualTo(line.at("/judges/gold"));
      assertThat(line.get("failure").isNull()).isTrue();
      assertThat(line.get("tokens").asInt()).isBetween(0, 6);
      assertThat(line.get("nats").asDouble()).isPositive();
    }
    JsonNode base = results.get(0);
    assertThat(base.get("method").asText()).isEqualTo("base");
    assertThat(base.get("prompt").asText()).isEqualTo("This movie was");
    assertThat(base.get("score").isNull()).isTrue();
    assertThat(base.get("scored_tokens").asInt()).isZero();
    JsonNode beam = results.get(2);
    assertThat(beam.get("method").asText()).isEqualTo("CBS(2,2,2)");
    // A search by one pair of weight 1 aims at that pair's log-ratio.
    assertThat(beam.get("score").asDouble())
        .isCloseTo(beam.at("/judges/ratio").asDouble(), within(1e-3));
    Map<String, Map<String, String>> summary = summary("out");
    assertThat(summary).hasSize(METHODS).containsKeys("base", "best-of-3", "CBS(2,2,3)", "tuned");
    double mean =
        results.stream()
            .filter(line -> line.get("method").asText().equals("CBS(2,2,3)"))
            .mapToDouble(line -> line.get("reward").asDouble())
            .average()
            .orElseThrow();
    Map<String, String> row = summary.get("CBS(2,2,3)");
    assertThat(Double.parseDouble(row.get("reward"))).isCloseTo(mean, within(1e-5));
    assertThat(row.get("n")).isEqualTo("8");
    assertThat(row)
        .containsKeys("reward_low", "sentences_gain_high", "ratio_win_rate", "nats_a_token");
    String report = text(directory.resolve("out/report.md"));
    assertThat(report)
        .contains("4 of 4 prompts; seeds [1, 5]", "w2s experiment run", "| CBS(2,2,3) | 8 |")
        .contains("embedded:movie-reviews/base (llama, 12587904 parameters): float32 on cpu");
    assertThat(directory.resolve("out"))
        .isDirectoryContaining("glob:**/reward.png")
        .isDirectoryContaining("glob:**/reward-sentences.png")
        .isDirectoryContaining("glob:**/fluency.png")
        .isDirectoryContaining("glob:**/diversity.png")
        .isDirectoryContaining("glob:**/time.png")
        .isDirectoryContaining("glob:**/sweep-l.png")
        .isDirectoryContaining("glob:**/sweep-l-sentences.png");
    assertThat(ImageIO.read(directory.resolve("out/reward.png").toFile()).getWidth())
        .isEqualTo(900);
  }

  @Test
  void aLargerLimitExtendsARun() throws IOException {
    file(TINY);
    assertThat(run("out", "--limit=1").code()).isZero();
    assertThat(results("out")).hasSize(2 * METHODS);
    String before = text(directory.resolve("out/results.jsonl"));
    assertThat(run("out", "--limit=2").code()).isZero();
    assertThat(text(directory.resolve("out/results.jsonl"))).startsWith(before);
    assertThat(run("out").code()).isZero();
    assertThat(results("out")).hasSize(4 * 2 * METHODS);
    run("whole");
    assertThat(withoutSeconds("out")).isEqualTo(withoutSeconds("whole"));
    // Nothing is left to do, and what is there stays.
    String all = text(directory.resolve("out/results.jsonl"));
    assertThat(run("out", "--limit=1").code()).isZero();
    assertThat(text(directory.resolve("out/results.jsonl"))).isEqualTo(all);
  }

  @Test
  void whatAKillHasTornIsMadeAgain() throws IOException {
    file(TINY);
    run("whole", "--limit=2");
    run("out", "--limit=1");
    Path results = directory.resolve("out/results.jsonl");
    List<String> lines = Files.readAllLines(results);
    String torn = String.join("\n", lines.subList(0, 4)) + "\n" + lines.get(4).substring(0, 50);
    Files.writeString(results, torn);
    assertThat(run("out", "--limit=2").code()).isZero();
    assertThat(withoutSeconds("out")).isEqualTo(withoutSeconds("whole"));
  }

  @Test
  void aDamagedOrRepeatedLineIsNamed() throws IOException {
    file(TINY);
    run("out", "--limit=1");
    Path results = directory.resolve("out/results.jsonl");
    String first = Files.readAllLines(results).get(0);
    Files.writeString(results, first + "\n", StandardOpenOption.APPEND);
    assertThat(run("out").err())
        .contains("results.jsonl:11: base, seed 1, prompt 1 is there twice");
    Files.writeString(results, "{\"method\": 3}\n{}\n");
    assertThat(run("out").err()).contains("results.jsonl:1: not a Sample");
  }

  @Test
  void anotherExperimentInTheSameFolderIsRefused() throws IOException {
    file(TINY);
    run("out", "--limit=1");
    assertRefused(yaml -> yaml.replace("n: 3", "n: 4"), "methods[2].kind.n is 3 there and 4 here");
    assertRefused(yaml -> yaml.replace("[1, 5]", "[1, 6]"), "seeds[2] is 5 there and 6 here");
    assertRefused(yaml -> yaml.replace("Well", "Hell"), "prompts are others: 4 of SHA-256");
    assertRefused(
        yaml -> yaml.replace("max-tokens: 6", "max-tokens: 7"),
        "methods[1].sampling.maxTokens is 6 there and 7 here");
    file(TINY);
    assertThat(run("out", "--shard=1/2").err()).contains("the shard is 1/1 there and 1/2 here");
    // What is written otherwise and means the same is the same.
    file("# a remark\nname: 100 % other\n" + TINY + "limits: {failures: 3, prompts: 1}\n");
    assertThat(run("out").code()).isZero();
  }

  private void assertRefused(UnaryOperator<String> change, String difference) throws IOException {
    file(change.apply(TINY));
    Call call = run("out");
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines())
        .singleElement()
        .asString()
        .contains("holds another experiment", difference);
  }

  @Test
  void shardsMakeTheWhole() throws IOException {
    file(TINY);
    run("whole", "--limit=3");
    for (String shard : List.of("2", "1", "3")) {
      assertThat(run("part" + shard, "--limit=3", "--shard=" + shard + "/3").code()).isZero();
    }
    Call call = merge("merged", "part3", "part1", "part2");
    assertThat(call.code()).as(call.err()).isZero();
    assertThat(withoutSeconds("merged")).isEqualTo(withoutSeconds("whole"));
    List<String> columns = List.of("n", "reward", "reward_low", "sentences_gain", "distinct2");
    for (String method : summary("whole").keySet()) {
      for (String column : columns) {
        assertThat(summary("merged").get(method).get(column))
            .isEqualTo(summary("whole").get(method).get(column));
      }
    }
    assertThat(text(directory.resolve("merged/report.md"))).contains("--shard=2/3");
    assertMergeError(
        "holds an experiment; name another folder", "merged", "part1", "part2", "part3");
    assertMergeError("[1/3] are missing", "m2", "part2", "part3");
    assertMergeError("are both shard 1/3", "m2", "part1", "part1", "part2");
    // A line is missing of one.
    Path results = directory.resolve("part2/results.jsonl");
    List<String> lines = Files.readAllLines(results);
    Files.write(results, lines.subList(1, lines.size()));
    assertMergeError(
        "1 of 30 samples are missing, such as base, seed 1, prompt 2",
        "m2",
        "part1",
        "part2",
        "part3");
    // A line of another one.
    Files.write(results, lines);
    Files.write(
        results,
        Files.readAllLines(directory.resolve("part1/results.jsonl")).subList(0, 1),
        StandardOpenOption.APPEND);
    assertMergeError("both hold base, seed 1, prompt 1", "m2", "part1", "part2", "part3");
    Files.write(results, lines);
    file(TINY.replace("n: 3", "n: 4"));
    run("other", "--limit=3", "--shard=3/3");
    assertMergeError("are of different experiments: methods[2]", "m2", "part1", "part2", "other");
  }

  private void assertMergeError(String message, String out, String... shards) {
    Call call = merge(out, shards);
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines()).singleElement().asString().contains(message);
  }

  @Test
  void aWrongFileIsRefusedBeforeAnythingRuns() throws IOException {
    file(TINY.replace("n: 3", "n: none").replace("seeds", "seed"));
    Call call = run("out");
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.errLines()).hasSize(2);
    assertThat(call.errLines().get(0)).contains("tiny.yaml:11: methods[2].n: 'none'; must be");
    assertThat(call.errLines().get(1)).contains("tiny.yaml:15: seed: is not known here");
    assertThat(directory.resolve("out")).doesNotExist();
    assertThat(run("out", "--limit=0").err()).contains("--limit is 0");
    assertThat(run("out", "--shard=3/2").err()).contains("shard is '3/2'");
    assertThat(Call.of("experiment").err()).contains("run, merge or outputs is needed");
  }

  @Test
  void conversationsAreAnsweredAndTheResponseAloneIsRead() throws IOException {
    file(
        TINY.replace(
                "{list: [This movie was, I think that, The actors, Well]}",
                "{list: [How was the movie?, Any good?], form: conversation}")
            .replace("label: POSITIVE}", "label: POSITIVE, input: response}"));
    Call call = run("out");
    assertThat(call.code()).as(call.err()).isZero();
    JsonNode first = results("out").get(0);
    assertThat(first.at("/prompt/0/role").asText()).isEqualTo("user");
    assertThat(first.at("/prompt/0/content").asText()).isEqualTo("How was the movie?");
  }

  /** The small models read the prompt's four tokens, BOS included, and five of the six drawn. */
  @Test
  void emulatedFineTuningIsAMethod() throws IOException {
    file(TINY.replace("{method: best-of-n, n: 3}", "{method: eft, beta: 2}"));
    Call call = run("out", "--limit=1");
    assertThat(call.code()).as(call.err()).isZero();
    JsonNode steered = results("out").get(1);
    assertThat(steered.get("method").asText()).isEqualTo("EFT(2)");
    assertThat(steered.get("text")).isNotEqualTo(results("out").get(0).get("text"));
    assertThat(steered.get("scored_tokens").asInt()).isEqualTo(2 * (4 + 5));
    assertThat(steered.get("sampled_tokens").asInt()).isEqualTo(6);
    assertThat(steered.get("score").isNull()).isTrue();
    assertThat(steered.at("/judges/ratio").asDouble())
        .isGreaterThan(results("out").get(0).at("/judges/ratio").asDouble());
  }

  /** Found once, when the models are there, and not by each sample again. */
  @Test
  void emulatedFineTuningByOtherTokensEndsTheRun() throws IOException {
    String pair =
        "{tuned: %s, untuned: %s}"
            .formatted(Golden.model("llama-gqa"), Golden.model("llama-tied-bf16"));
    file(
        TINY.replace(
                "{tuned: embedded:movie-reviews/tuned, untuned: embedded:movie-reviews/untuned}",
                pair)
            .replace("{method: best-of-n, n: 3}", "{method: eft, beta: 2}"));
    Call call = run("out", "--limit=1");
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.err())
        .contains("embedded:movie-reviews/base cannot be steered at every token by ", "llama-gqa");
    assertThat(results("out")).isEmpty();
  }

  @Test
  void responsesArePrintedForAlpacaEval() throws IOException {
    file(TINY.replace("prompts: {", "prompts: {system: Be kind., "));
    assertThat(run("out", "--limit=2").code()).isZero();
    String folder = directory.resolve("out").toString();
    Call call = Call.of("experiment", "outputs", folder, "--method=tuned", "--seed=5");
    assertThat(call.code()).as(call.err()).isZero();
    JsonNode outputs = Golden.parse(call.out());
    assertThat(outputs).hasSize(2);
    assertThat(outputs.get(1).get("instruction").asText()).isEqualTo("I think that");
    assertThat(outputs.get(1).get("generator").asText()).isEqualTo("tuned");
    JsonNode same =
        results("out").stream()
            .filter(line -> line.get("method").asText().equals("tuned"))
            .filter(line -> line.get("seed").asInt() == 5)
            .toList()
            .get(1);
    assertThat(outputs.get(1).get("output")).isEqualTo(same.get("text"));
    assertThat(Call.of("experiment", "outputs", folder, "--method=tuned").err())
        .contains("--seed is missing; ", "seeds [1, 5]");
    assertThat(Call.of("experiment", "outputs", folder, "--method=tuned", "--seed=2").err())
        .contains("--seed is 2; ");
    assertThat(Call.of("experiment", "outputs", folder, "--method=none").err())
        .contains("method 'none' has no sample; those that have are [base, best-of-3");
  }

  @Test
  void responsesThatAlpacaEvalWouldDropOrMixUpAreCounted() throws IOException {
    Files.writeString(
        directory.resolve("talks.jsonl"),
        """
        {"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "And?"}]}
        {"messages": [{"role": "system", "content": "Be rude."}, {"role": "user", "content": "And?"}]}
        {"messages": [{"role": "user", "content": "How was the movie?"}]}
        """);
    file(
        """
        base: {model: embedded:movie-reviews/base}
        judges: {gold: {reward: embedded:movie-reviews/gold, label: POSITIVE}}
        prompts: {file: talks.jsonl}
        methods: [{method: base}]
        sampling: {max-tokens: 2}
        fluency: none
        seeds: [1]
        """);
    assertThat(run("out", "--limit=2").code()).isZero();
    Call call =
        Call.of("experiment", "outputs", directory.resolve("out").toString(), "--method=base");
    assertThat(call.code()).isZero();
    assertThat(call.err().lines())
        .containsExactly(
            "w2s: 1 of 3 prompts have no response",
            "w2s: 1 of the instructions are there before; AlpacaEval mixes them up");
  }

  /** Each model is loaded once, whoever uses it, and freed whatever happens. */
  @Test
  void nothingIsLeftInNativeMemory() throws IOException {
    OpenNatives before = OpenNatives.onCpu();
    file(TINY);
    assertThat(run("out", "--limit=1").code()).isZero();
    OpenNatives after = OpenNatives.onCpu();
    assertThat(after.models()).isEqualTo(before.models());
    assertThat(after.caches()).isEqualTo(before.caches());
    assertThat(after.modelsSoFar() - before.modelsSoFar()).isEqualTo(4);
    // Two models that are no pair, found when the base is loaded already.
    file(
        TINY.replace(
            "{tuned: embedded:movie-reviews/tuned,", "{tuned: " + Golden.model("llama-gqa") + ","));
    assertThat(run("other").code()).isEqualTo(1);
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
    assertThat(OpenNatives.onCpu().modelsSoFar()).isGreaterThan(after.modelsSoFar());
    // Samples that fail, since the prompt is longer than all positions.
    file(TINY.replace("Well]", String.join(" ", Collections.nCopies(600, "very")) + "]"));
    Call call = run("long");
    assertThat(call.err()).contains("10 samples failed");
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
    assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
  }

  // What stands behind servers.

  private String serve(UnaryOperator<String> reply, CompletionsWorld world) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/completions", exchange -> answer(exchange, world.answer(body(exchange))));
    server.createContext(
        "/v1/chat/completions",
        exchange ->
            answer(exchange, new CompletionsWorld.Answer(200, chat(reply.apply(body(exchange))))));
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), UTF_8);
  }

  private static String chat(String text) {
    return "{\"choices\": [{\"index\": 0, \"finish_reason\": \"stop\", \"message\": {\"role\":"
        + " \"assistant\", \"content\": \""
        + text
        + "\"}}]}";
  }

  private static void answer(HttpExchange exchange, CompletionsWorld.Answer answer)
      throws IOException {
    byte[] bytes = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private void remote(String url, String more) throws IOException {
    file(
        """
        base: {url: "%1$s", model: base, template: "A review. {{prompt}}"}
        guides:
          pair: {tuned: embedded:movie-reviews/tuned, untuned: embedded:movie-reviews/untuned}
        judges:
          critic: {url: "%1$s", model: critic, question: Is it kind?}
        prompts: {list: [This movie was, I think that]}
        methods:
          - method: base
          - {method: cbs, w: 2, k: 2, l: 2}
        sampling: {max-tokens: 4, temperature: 0.5}
        seeds: [1, 2]
        %2$s
        """
            .formatted(url, more));
  }

  @Test
  void aServedBaseIsJudgedByAChatModel() throws IOException {
    CompletionsWorld world = new CompletionsWorld();
    List<JsonNode> asked = new ArrayList<>();
    remote(
        serve(
            body -> {
              asked.add(Golden.parse(body));
              return asked.get(asked.size() - 1).get("messages").size() == 1
                  ? "Very kind."
                  : "I say 7/10";
            },
            world),
        "");
    Call call = run("out");
    assertThat(call.code()).as(call.err()).isZero();
    assertThat(results("out"))
        .hasSize(8)
        .allSatisfy(line -> assertThat(line.get("reward").asDouble()).isEqualTo(7))
        .allSatisfy(line -> assertThat(line.get("nats").isNull()).isTrue());
    assertThat(asked).hasSize(16);
    assertThat(asked.get(0).at("/messages/0/content").asText())
        .contains("This movie was", "Is it kind?", "one number from 1 (worst) to 10 (best)");
    assertThat(asked.get(0).get("temperature").asDouble()).isZero();
    JsonNode request = world.requests().get(0);
    assertThat(request.get("prompt").asText()).isEqualTo("A review. This movie was");
    assertThat(request.get("temperature").asDouble()).isEqualTo(0.5);
    assertThat(request.has("top_k")).isFalse();
    assertThat(text(directory.resolve("out/report.md"))).contains("fluency: left out");
    assertThat(directory.resolve("out")).isDirectoryNotContaining("glob:**/fluency.png");
    assertThat(summary("out").get("base").get("nats_a_token")).isEmpty();
  }

  @Test
  void failedSamplesAreToldAndMadeAgain() throws IOException {
    boolean[] knows = {false};
    remote(
        serve(
            body -> body.contains("This movie was") && !knows[0] ? "no idea" : "5",
            new CompletionsWorld()),
        "");
    Call call = run("out");
    assertThat(call.code()).isZero();
    assertThat(call.err()).contains("w2s: 4 samples failed", "the judge replied 'no idea'");
    List<JsonNode> failed =
        results("out").stream().filter(line -> !line.get("failure").isNull()).toList();
    assertThat(failed).hasSize(4);
    assertThat(failed.get(0).get("text").asText()).isNotEmpty();
    assertThat(failed.get(0).get("reward").isNull()).isTrue();
    assertThat(summary("out").get("base")).containsEntry("n", "2").containsEntry("failed", "2");
    assertThat(text(directory.resolve("out/report.md"))).contains("4 samples failed", "no idea");
    knows[0] = true;
    assertThat(run("out").code()).isZero();
    assertThat(results("out")).hasSize(8).allMatch(line -> line.get("failure").isNull());
    List<String> keys = results("out").stream().map(this::key).toList();
    assertThat(keys).startsWith("\"base\"/1/1", "\"CBS(2,2,2)\"/1/1", "\"base\"/2/1");
    assertThat(keys).doesNotHaveDuplicates();
  }

  private String key(JsonNode line) {
    return line.get("method") + "/" + line.get("seed") + "/" + line.get("prompt_number");
  }

  @Test
  void tooManyFailuresEndTheRun() throws IOException {
    remote(serve(body -> "no idea", new CompletionsWorld()), "limits: {failures: 2}");
    Call call = run("out");
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.err()).contains("3 samples failed", "more failed than limits.failures");
    assertThat(results("out")).hasSize(3);
    assertThat(directory.resolve("out/report.md")).exists();
  }

  @Test
  void timeThatIsOverEndsTheRun() throws IOException {
    file(TINY + "limits: {minutes: 0.0001}\n");
    Call call = run("out");
    assertThat(call.code()).isZero();
    assertThat(call.err()).contains("limits.minutes are over; the same command goes on");
    assertThat(results("out")).isNotEmpty().hasSizeLessThan(40);
  }
}
