// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model and two prompts in place of two models. */
class PromptedPairTest {
  private static final String WANTED = "I loved it. 10/10. ";
  private static final String OPPOSITE = "I hated it. 1/10. ";

  @TempDir private Path directory;

  private Call score(String... more) throws IOException {
    Path responses =
        Files.writeString(directory.resolve("r"), "{\"text\": \" good\", \"ended\": false}\n");
    List<String> fixed = List.of("score", "--responses=" + responses);
    return Call.of(Stream.concat(fixed.stream(), Arrays.stream(more)).toArray(String[]::new));
  }

  private double scored(String side, String prompt) throws IOException {
    JsonNode line =
        Golden.parse(
            score("--tuned=" + Golden.TUNED, "--untuned=" + Golden.UNTUNED, "--prompt=" + prompt)
                .out());
    return line.get(side).asDouble();
  }

  @Test
  void theWordsStandDirectlyInFrontOfThePrompt() throws IOException {
    Call call =
        score(
            "--tuned=" + Golden.UNTUNED,
            "--tuned-system=" + WANTED,
            "--untuned-system=" + OPPOSITE,
            "--prompt=This movie was");
    assertThat(call.err()).isEmpty();
    JsonNode line = Golden.parse(call.out());
    assertThat(line.get("tuned").asDouble())
        .isCloseTo(scored("untuned", WANTED + "This movie was"), within(1e-4));
    assertThat(line.get("untuned").asDouble())
        .isCloseTo(scored("untuned", OPPOSITE + "This movie was"), within(1e-4));
  }

  @Test
  void inAConversationTheyAreASystemMessage() throws IOException {
    Call call =
        score(
            "--tuned=" + Golden.UNTUNED,
            "--tuned-system=Be kind.",
            "--untuned-system=Be mean.",
            "--system=Be brief.",
            "--prompt=Well?");
    JsonNode line = Golden.parse(call.out());
    assertThat(line.get("tuned").asDouble())
        .isCloseTo(scored("untuned", "Be kind.\nBe brief.\nUser: Well?\nCritic:\n"), within(1e-4));
  }

  @Test
  void generatesUnderTwoTemplates() {
    Call call =
        Call.of(
            "generate",
            "--base=embedded:movie-reviews/base",
            "--tuned=" + Golden.UNTUNED,
            "--tuned-template=" + WANTED + "{{prompt}}",
            "--untuned-template=" + OPPOSITE + "{{prompt}}",
            "--prompt=This movie was",
            "--seed=1",
            "--max-tokens=10");
    assertThat(call.err()).isEmpty();
    assertThat(call.out()).isNotBlank();
  }

  @Test
  void aModelAgainstItselfNeedsTwoPrompts() throws IOException {
    for (String[] alike :
        List.of(
            new String[] {"--prompt=x"},
            new String[] {"--prompt=x", "--tuned-system=a", "--untuned-system=a"})) {
      String[] args = Arrays.copyOf(alike, alike.length + 1);
      args[alike.length] = "--tuned=" + Golden.UNTUNED;
      Call call = score(args);
      assertThat(call.code()).isEqualTo(2);
      assertThat(call.err())
          .contains(
              "--untuned is missing; it may be left out only where --tuned-system and"
                  + " --untuned-system, or the two templates, differ");
    }
  }

  @Test
  void whereThereIsNothingToChooseNoPairIsAskedFor() {
    Call alone =
        Call.of(
            "generate",
            "--base=embedded:movie-reviews/base",
            "--tuned=" + Golden.TUNED,
            "--prompt=This movie was",
            "--method=base",
            "--seed=1",
            "--max-tokens=10");
    assertThat(alone.err()).isEmpty();
    assertThat(alone.code()).isZero();
    Call unfit =
        Call.of(
            "generate",
            "--base=embedded:movie-reviews/base",
            "--prompt=a",
            "--method=base",
            "--untuned-suffix=x");
    assertThat(unfit.code()).isEqualTo(2);
    assertThat(unfit.err()).contains("--untuned-suffix is 'x'");
  }
}
