// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.OpenNatives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
  private static final String PROMPT = "This movie was";

  @TempDir private Path directory;

  private static Call generate(String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--base=" + Golden.BASE));
    args.addAll(List.of("--tuned=" + Golden.TUNED, "--untuned=" + Golden.UNTUNED));
    args.addAll(List.of(more));
    return Call.of(args.toArray(String[]::new));
  }

  @Test
  void greedyTextIsTheReferences() {
    List<JsonNode> continuations = Golden.clearContinuations();
    assertThat(continuations).hasSizeGreaterThan(3);
    for (JsonNode one : continuations) {
      String name = one.get("model").asText();
      boolean embedded = List.of("base", "tuned", "untuned").contains(name);
      Call call =
          Call.of(
              "generate",
              "--base=" + (embedded ? "embedded:movie-reviews/" + name : Golden.model(name)),
              "--method=base",
              "--temperature=0",
              "--max-tokens=30",
              "--prompt=" + one.get("prompt").asText(),
              "--json");
      assertThat(call.err()).isEmpty();
      JsonNode json = Golden.parse(call.out());
      assertThat(json.get("text").asText()).isEqualTo(one.get("text").asText());
      assertThat(json.at("/hypotheses/0/ended").asBoolean())
          .isEqualTo(one.get("ended").asBoolean());
      assertThat(json.at("/usage/sampled_tokens").asInt()).isEqualTo(one.get("tokens").size());
    }
  }

  @Test
  void jsonHoldsTheWholeSearch() {
    Call call =
        generate(
            "--prompt=" + PROMPT, "--seed=7", "-W2", "-K3", "-L4", "--max-tokens=10", "--json");
    assertThat(call.err()).isEmpty();
    assertThat(call.outLines()).hasSize(1);
    JsonNode json = Golden.parse(call.out());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("text", "score", "hypotheses", "rounds", "usage", "seconds");
    assertThat(json.get("hypotheses")).hasSizeBetween(1, 2);
    assertThat(json.at("/hypotheses/0/text")).isEqualTo(json.get("text"));
    assertThat(json.at("/hypotheses/0/score")).isEqualTo(json.get("score"));
    assertThat(json.at("/hypotheses/0").fieldNames())
        .toIterable()
        .containsExactly("text", "score", "ended");
    assertThat(json.at("/hypotheses/1/score").asDouble(Double.NEGATIVE_INFINITY))
        .isLessThanOrEqualTo(json.get("score").asDouble());
    assertThat(json.get("rounds")).hasSizeBetween(1, 3);
    JsonNode round = json.at("/rounds/0");
    assertThat(round.fieldNames())
        .toIterable()
        .containsExactly("round", "candidates", "kept", "sampling_seconds", "scoring_seconds");
    assertThat(round.get("candidates")).hasSizeBetween(1, 6);
    assertThat(round.get("kept")).hasSizeBetween(1, 2);
    assertThat(json.at("/usage/sampled_tokens").asInt()).isBetween(6, 60);
    assertThat(json.at("/usage/scored_tokens").asInt()).isPositive();
    double parts = json.at("/seconds/sampling").asDouble() + json.at("/seconds/scoring").asDouble();
    assertThat(parts).isPositive().isLessThanOrEqualTo(json.at("/seconds/total").asDouble());
  }

  @Test
  void theScoreIsTheOneThatScoreGives() throws IOException {
    JsonNode json =
        Golden.parse(generate("--prompt=" + PROMPT, "--seed=3", "--max-tokens=12", "--json").out());
    StringBuilder responses = new StringBuilder();
    for (JsonNode hypothesis : json.get("hypotheses")) {
      responses.append(
          Golden.response(hypothesis.get("text").asText(), hypothesis.get("ended").asBoolean()));
    }
    Path file = Files.writeString(directory.resolve("responses.jsonl"), responses);
    Call score =
        Call.of(
            "score",
            "--tuned=" + Golden.TUNED,
            "--untuned=" + Golden.UNTUNED,
            "--prompt=" + PROMPT,
            "--responses=" + file);
    for (int i = 0; i < json.get("hypotheses").size(); i++) {
      assertThat(Golden.parse(score.outLines().get(i)).get("score").asDouble())
          .isCloseTo(json.at("/hypotheses/" + i + "/score").asDouble(), within(1e-3));
    }
  }

  @Test
  void widthOneIsPlainSamplingWithoutScore() {
    Call guided = generate("--prompt=" + PROMPT, "--seed=5", "-W=1", "-K=1", "--max-tokens=12");
    Call base = generate("--prompt=" + PROMPT, "--seed=5", "--method=base", "--max-tokens=12");
    assertThat(guided.code()).isZero();
    assertThat(guided.out()).isEqualTo(base.out());
    Call json =
        generate("--prompt=" + PROMPT, "--seed=5", "--method=BASE", "--max-tokens=12", "--json");
    JsonNode report = Golden.parse(json.out());
    assertThat(report.get("text").asText() + System.lineSeparator()).isEqualTo(base.out());
    assertThat(report.get("score").isNull()).isTrue();
    assertThat(report.at("/usage/scored_tokens").asInt()).isZero();
  }

  @Test
  void bestOfNDrawsAllInOneRound() {
    JsonNode json =
        Golden.parse(bestOfN("--prompt=" + PROMPT, "-N5", "--max-tokens=8", "--json").out());
    assertThat(json.get("rounds")).hasSize(1);
    assertThat(json.get("hypotheses")).hasSize(1);
    double best = json.get("score").asDouble();
    json.at("/rounds/0/candidates")
        .forEach(c -> assertThat(c.get("score").asDouble()).isLessThanOrEqualTo(best));
    // None of the five ended before its eighth token.
    assertThat(json.at("/usage/sampled_tokens").asInt()).isEqualTo(5 * 8);
  }

  @Test
  void aGuardChoosesByChanceButAlikeUnderASeed() {
    String[] common = {"--prompt=" + PROMPT, "--seed=3", "--max-tokens=20"};
    String without = generate(common).out();
    Call with = generate(common[0], common[1], common[2], "--guard");
    assertThat(with.err()).isEmpty();
    assertThat(with.out()).isNotEqualTo(without);
    assertThat(generate("--guard", common[0], common[1], common[2]).out()).isEqualTo(with.out());
    assertThat(generate(common[0], common[1], common[2], "--guard=0.08").out())
        .isEqualTo(with.out());
  }

  @Test
  void bestOfNIsOfSixteenUnlessToldOtherwise() {
    String[] common = {"--prompt=" + PROMPT, "--max-tokens=2", "--json"};
    JsonNode untold = Golden.parse(bestOfN(common[0], common[1], common[2]).out());
    assertThat(untold.at("/usage/sampled_tokens").asInt()).isEqualTo(16 * 2);
    JsonNode told = Golden.parse(bestOfN(common[0], common[1], common[2], "--best-of=16").out());
    assertThat(told.get("rounds").get(0).get("candidates"))
        .isEqualTo(untold.get("rounds").get(0).get("candidates"));
  }

  private static Call bestOfN(String... more) {
    List<String> args = new ArrayList<>(List.of("--method=bon", "--seed=1"));
    args.addAll(List.of(more));
    return generate(args.toArray(String[]::new));
  }

  @Test
  void aWideBeamIsABeam() {
    Call call = generate("--prompt=" + PROMPT, "-W512", "-K2", "-L1", "--max-tokens=1", "--json");
    assertThat(call.err()).isEmpty();
    assertThat(Golden.parse(call.out()).at("/usage/sampled_tokens").asInt()).isEqualTo(1024);
  }

  @Test
  void aPromptsTextDoesNotDependOnItsPlaceInTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("prompts.txt"), "\uFEFFThe plot\nThe acting");
    String[] same = {"--seed=9", "-W2", "-K2", "--max-tokens=6"};
    Call both = generate("--prompts=" + file, same[0], same[1], same[2], same[3]);
    Call second = generate("--prompt=The acting", same[0], same[1], same[2], same[3]);
    assertThat(both.err()).isEmpty();
    assertThat(both.out()).endsWith(second.out());
  }

  @Test
  void saysWhereThePositionsRunOut() {
    Call half = tiny("This movie was", "--max-tokens=20");
    assertThat(half.err()).isEmpty();
    Call cut = tiny("This movie was", "--max-tokens=500");
    JsonNode json = Golden.parse(cut.out());
    // The model has 48 positions; the prompt takes 4, and each drawn token is one of the rest.
    assertThat(json.at("/usage/sampled_tokens").asInt()).isEqualTo(44);
    assertThat(json.get("text").asText()).startsWith(Golden.parse(half.out()).get("text").asText());
    assertCut(cut, 44);
    Call none = tiny("a".repeat(48), "--max-tokens=500");
    assertThat(Golden.parse(none.out()).get("text").asText()).isEmpty();
    assertCut(none, 0);
  }

  private static Call tiny(String prompt, String more) {
    String base = "--base=" + Golden.model("gpt2-odd");
    return Call.of(
        "generate", base, "--method=base", "--seed=1", "--json", "--prompt=" + prompt, more);
  }

  private static void assertCut(Call call, int tokens) {
    assertThat(call.code()).isZero();
    assertThat(call.errLines())
        .singleElement()
        .asString()
        .contains("cut after " + tokens + " tokens: no position is left in ", "gpt2-odd");
  }

  @Test
  void rejectsPromptsThatAreNone() throws IOException {
    assertError(generate("--prompt="), "prompt is empty");
    Path blank = Files.writeString(directory.resolve("blank.txt"), "one\n\ntwo\n");
    assertError(generate("--prompts=" + blank), "blank.txt:2");
    Path empty = Files.writeString(directory.resolve("empty.txt"), "");
    assertError(generate("--prompts=" + empty), "empty.txt");
    assertError(generate("--prompts=" + directory.resolve("none.txt")), "none.txt: no such file");
    assertError(generate("--prompts=" + directory), "is a directory");
  }

  @Test
  void rejectsModelsThatAreNone() {
    assertError(
        Call.of("generate", "--base=no/such/model", "--method=base", "--prompt=x"),
        "no/such/model");
    assertError(
        Call.of("generate", "--base=" + Golden.GOLD, "--method=base", "--prompt=x"), "classifier");
  }

  private static void assertError(Call call, String problem) {
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.out()).isEmpty();
    assertThat(call.errLines()).singleElement().asString().startsWith("w2s: ").contains(problem);
  }

  /** The base is loaded while the pair's files are read: whichever fails, the other is freed. */
  @Test
  void whatIsLoadedBesideAFailureIsFreed() throws IOException {
    OpenNatives before = OpenNatives.onCpu();

    assertError(guided(Golden.BASE, Golden.model("llama-gqa")), "llama-gqa");
    OpenNatives after = OpenNatives.onCpu();
    assertThat(after.models()).isEqualTo(before.models());
    assertThat(after.modelsSoFar()).as("the base").isEqualTo(before.modelsSoFar() + 1);

    assertError(guided(brokenWeights().toString(), Golden.UNTUNED), "not finite");
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
    assertThat(OpenNatives.onCpu().modelsSoFar())
        .as("the pair, and the base that fails")
        .isEqualTo(after.modelsSoFar() + 3);
  }

  private static Call guided(String base, String untuned) {
    return Call.of(
        "generate",
        "--base=" + base,
        "--tuned=" + Golden.TUNED,
        "--untuned=" + untuned,
        "--prompt=x");
  }

  /** A model whose last weights are not numbers. */
  private Path brokenWeights() throws IOException {
    Path source = Path.of(Golden.model("llama-gqa"));
    Path broken = Files.createDirectory(directory.resolve("broken"));
    for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(source.resolve(name), broken.resolve(name));
    }
    byte[] weights = Files.readAllBytes(source.resolve("model.safetensors"));
    Arrays.fill(weights, weights.length - 64, weights.length, (byte) 0xFF);
    Files.write(broken.resolve("model.safetensors"), weights);
    return broken;
  }

  @Test
  void callsThatMakeNoSenseAreErrorsOfUsage() {
    assertUsage(Call.of("generate", "--base=x", "--prompt=x"), "--tuned");
    assertUsage(Call.of("generate", "--prompt=x"), "--base");
    assertUsage(generate(), "--prompt");
    assertUsage(generate("--prompt=x", "--prompts=y"), "--prompt");
    assertUsage(generate("--prompt=x", "-W=0"), "beamWidth is 0");
    assertUsage(generate("--prompt=x", "-W=100000", "-K=100000"), "beamWidth");
    assertUsage(generate("--prompt=x", "--method=bon", "-N=100000"), "100000");
    assertUsage(generate("--prompt=x", "--method=bon", "-N=0"), "0");
    assertUsage(generate("--prompt=x", "-K=many"), "many");
    assertUsage(generate("--prompt=x", "--guard=0"), "--guard: divergence is 0.0");
    assertUsage(generate("--prompt=x", "--guard=much"), "much");
    assertUsage(
        generate("--prompt=x", "--guard", "--method=base"),
        "--guard has no meaning with --method=base");
    assertUsage(generate("--prompt=x", "--temperature=-1"), "temperature is -1");
    assertUsage(generate("--prompt=x", "--top-p=2"), "topP is 2");
    assertUsage(generate("--prompt=x", "--method=mcts"), "mcts");
    assertUsage(generate("--prompt=x", "--device=tpu"), "device is 'tpu'");
    assertUsage(generate("--prompt=x", "--dtype=int2"), "dtype is 'int2'");
  }

  @Test
  void anOptionThatTheMethodHasNoUseForIsAnErrorOfUsage() {
    Map<String, List<String>> refused =
        Map.of(
            "cbs", List.of("-N"),
            "bon", List.of("-W", "-K", "-L"),
            "base", List.of("-W", "-K", "-L", "-N"));
    refused.forEach(
        (method, options) -> {
          for (String option : options) {
            // Its default is no excuse.
            String given = option + (option.equals("-N") ? "16" : option.equals("-L") ? "5" : "4");
            assertUsage(
                generate("--prompt=x", "--method=" + method, given),
                option + " has no meaning with --method=" + method);
          }
        });
    assertUsage(generate("--prompt=x", "--best-of=4"), "-N has no meaning with --method=cbs");
    assertUsage(
        generate("--prompt=x", "--method=bon", "--successors=4"),
        "-K has no meaning with --method=bon");
  }

  private static void assertUsage(Call call, String problem) {
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.out()).isEmpty();
    assertThat(call.errLines().get(0)).startsWith("w2s: ").contains(problem);
    assertThat(call.err()).contains("w2s generate --help");
  }
}
