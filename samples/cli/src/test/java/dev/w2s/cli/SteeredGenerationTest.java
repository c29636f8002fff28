// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.testkit.GoldenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code generate --method=eft}. */
class SteeredGenerationTest {
  private static final String PROMPT = "--prompt=This movie was";
  private static final String SEED = "--seed=3";
  private static final String SHORT = "--max-tokens=12";
  private static final String NEEDED =
      "--method=eft needs logits, so base and pair have to be in this process";

  @TempDir private Path directory;

  private static Call generate(String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--base=" + Golden.BASE));
    args.addAll(List.of("--tuned=" + Golden.TUNED, "--untuned=" + Golden.UNTUNED));
    args.addAll(List.of(more));
    return Call.of(args.toArray(String[]::new));
  }

  private static Call eft(String... more) {
    List<String> args = new ArrayList<>(List.of("--method=eft", SHORT));
    args.addAll(List.of(more));
    return generate(args.toArray(String[]::new));
  }

  @Test
  void greedyTextIsTheReferences() {
    int compared = 0;
    for (JsonNode row : GoldenFiles.rows("eft.json", "greedy")) {
      if (row.get("tuned").asText().equals("tuned") && row.get("base").asText().equals("base")) {
        Call call =
            generate(
                "--method=eft",
                "--beta=" + row.get("beta").asText(),
                "--temperature=0",
                "--max-tokens=30",
                "--prompt=" + row.get("prompt").asText());
        assertThat(call.err()).isEmpty();
        assertThat(call.out()).isEqualTo(row.get("text").asText() + System.lineSeparator());
        compared++;
      }
    }
    assertThat(compared).isEqualTo(15);
  }

  @Test
  void betaIsOneUnlessToldOtherwiseAndZeroIsTheBase() {
    String untold = eft(PROMPT, SEED).out();
    assertThat(untold).isNotBlank().isEqualTo(eft(PROMPT, SEED, "--beta=1").out());
    String base = generate("--method=base", PROMPT, SEED, SHORT).out();
    assertThat(eft(PROMPT, SEED, "--beta=0").out()).isEqualTo(base).isNotEqualTo(untold);
    assertThat(eft(PROMPT, SEED, "--beta=-1").out()).isNotEqualTo(base).isNotEqualTo(untold);
  }

  @Test
  void jsonHasWhatMakesSense() throws IOException {
    Call call = eft(PROMPT, SEED, "--json");
    assertThat(call.err()).isEmpty();
    JsonNode json = Golden.parse(call.out());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("text", "ended", "score", "usage", "seconds");
    assertThat(json.get("text").asText() + System.lineSeparator())
        .isEqualTo(eft(PROMPT, SEED).out());
    assertThat(json.get("usage").fieldNames())
        .toIterable()
        .containsExactly("sampled_tokens", "scored_tokens");
    assertThat(json.at("/usage/sampled_tokens").asInt()).isEqualTo(12);
    // A prompt of 4 and 11 tokens to draw the twelfth; to score all, the prompt and 11 once more.
    assertThat(json.at("/usage/scored_tokens").asInt()).isEqualTo(2 * (4 + 11) * 2);
    assertThat(json.at("/seconds/total").asDouble()).isPositive();
    boolean ended = json.get("ended").asBoolean();
    Path file =
        Files.writeString(
            directory.resolve("r"), Golden.response(json.get("text").asText(), ended));
    Call score =
        Call.of(
            "score",
            "--tuned=" + Golden.TUNED,
            "--untuned=" + Golden.UNTUNED,
            PROMPT,
            "--responses=" + file);
    assertThat(json.get("score").asDouble())
        .isCloseTo(Golden.parse(score.out()).get("score").asDouble(), within(1e-3));
  }

  @Test
  void onePromptAgainstAnotherIsAPairAndConversationsAreAsked() {
    Call call =
        Call.of(
            "generate",
            "--base=" + Golden.BASE,
            "--tuned=" + Golden.UNTUNED,
            "--tuned-system=I loved it. 10/10. ",
            "--untuned-system=I hated it. 1/10. ",
            "--method=eft",
            "--system=Be brief.",
            PROMPT,
            SHORT,
            SEED);
    assertThat(call.err()).isEmpty();
    assertThat(call.out()).isNotBlank();
  }

  @Test
  void otherTokensAreAnErrorThatNamesBothAndAToken() {
    String small = Golden.model("llama-gqa");
    Call call =
        Call.of(
            "generate",
            "--base=" + Golden.BASE,
            "--tuned=" + small,
            "--untuned=" + small,
            "--method=eft",
            PROMPT);
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.out()).isEmpty();
    assertThat(call.errLines())
        .singleElement()
        .asString()
        .startsWith("w2s: " + Golden.BASE + " cannot be steered at every token by " + small)
        .contains("vocabularies differ", "'");
  }

  @Test
  void callsThatMakeNoSenseAreErrorsOfUsage() {
    for (String option : List.of("-W4", "-K4", "-L5", "-N16", "--guard")) {
      String name = option.startsWith("--") ? option : option.substring(0, 2);
      assertUsage(eft(PROMPT, option), name + " has no meaning with --method=eft");
    }
    for (String method : List.of("cbs", "bon", "base")) {
      assertUsage(
          generate(PROMPT, "--method=" + method, "--beta=1"),
          "--beta has no meaning with --method=" + method);
    }
    assertUsage(eft(PROMPT, "--beta=NaN"), "--beta is NaN; it must be a finite number");
    assertUsage(eft(PROMPT, "--beta=much"), "much");
    assertUsage(
        Call.of("generate", "--base=" + Golden.BASE, "--method=eft", PROMPT),
        "--tuned and --untuned are needed: there is something to steer");
    assertUsage(
        Call.of(
            "generate",
            "--base-url=http://localhost:1/v1",
            "--base-model=m",
            "--tuned=" + Golden.TUNED,
            "--untuned=" + Golden.UNTUNED,
            "--method=eft",
            PROMPT),
        "--base-url is 'http://localhost:1/v1'; " + NEEDED);
    String served = "http://localhost:1/v1#m";
    assertUsage(
        Call.of(
            "generate",
            "--base=" + Golden.BASE,
            "--tuned=" + served,
            "--untuned=" + Golden.UNTUNED,
            "--pair-tokenizer=" + Golden.UNTUNED,
            "--method=eft",
            PROMPT),
        "--tuned is '" + served + "'; " + NEEDED);
  }

  private static void assertUsage(Call call, String problem) {
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.out()).isEmpty();
    assertThat(call.errLines().get(0)).startsWith("w2s: ").contains(problem);
  }
}
