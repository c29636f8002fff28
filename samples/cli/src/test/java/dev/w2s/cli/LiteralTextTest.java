// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text on the command line is that text, whatever it looks like. */
class LiteralTextTest {
  private static final String TINY = Golden.model("gpt2-odd");

  @TempDir private Path directory;

  private static Call generate(String... prompt) {
    List<String> args = new ArrayList<>(List.of("generate", "--base", TINY, "--method", "base"));
    args.addAll(List.of("--seed", "1", "--max-tokens", "8", "--temperature", "1"));
    args.addAll(List.of(prompt));
    return Call.of(args.toArray(String[]::new));
  }

  private String promptsFile(String prompt) throws IOException {
    return "--prompts=" + Files.writeString(directory.resolve("prompt.txt"), prompt);
  }

  /** A file has no syntax of its own: what comes of its line is what must come of the text. */
  private void assertIsText(String prompt) throws IOException {
    Call reference = generate(promptsFile(prompt));
    assertThat(reference.code()).isZero();
    assertThat(generate("--prompt", prompt)).isEqualTo(reference);
    assertThat(generate("--prompt=" + prompt)).isEqualTo(reference);
  }

  @Test
  void anAtSignNamesNoFile() throws IOException {
    Path words = Files.writeString(directory.resolve("words"), "secret words");
    assertIsText("@@carol");
    Call call = Call.of("inspect", "@" + words);
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.err()).contains("@" + words).doesNotContain("secret");
    Call prompts = generate("--prompts", "@" + words);
    assertThat(prompts.code()).isEqualTo(1);
    assertThat(prompts.err()).contains("@" + words + ": no such file");
  }

  @Test
  void whatLooksLikeAnOptionIsText() throws IOException {
    for (String prompt : List.of("-Well, I think", "-hello", "-W2", "--jsonl", "--", "-")) {
      assertIsText(prompt);
    }
    Call score =
        Call.of("score", "--tuned", "-tuned", "--untuned=-h", "--prompt", "-Vx", "--responses=--");
    assertThat(score.code()).isEqualTo(1);
    assertThat(score.errLines()).containsExactly("w2s: --: no such file");
  }

  @Test
  void anOptionIsTextOnlyWhereItIsAttached() throws IOException {
    for (String option : List.of("-h", "--json", "-W", "-W=2", "--help", "--seed=3", "--debug")) {
      assertThat(generate("--prompt=" + option)).isEqualTo(generate(promptsFile(option)));
      Call call = generate("--prompt", option);
      assertThat(call.code()).isEqualTo(2);
      assertThat(call.errLines().get(0)).contains("'--prompt'", "'" + option + "'");
    }
    assertThat(generate("--prompt").code()).isEqualTo(2);
    assertThat(generate("--prompt=a", "--prompt=b").code()).isEqualTo(2);
  }
}
