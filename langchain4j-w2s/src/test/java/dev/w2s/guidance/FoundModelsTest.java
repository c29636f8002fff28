// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.CausalModel;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.ScoringSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.model.files.Safetensors;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Directories as people have them score as in transformers 5.24 in float32 (nats), alone and in a
 * pair.
 */
class FoundModelsTest {
  private static final double TOLERANCE = 1e-4;
  private static final String PROMPT = "This was";

  @TempDir private Path directory;

  private ModelDirectory copy(String found) {
    return ModelDirectory.copyOf(Golden.found(found), directory.resolve("model"));
  }

  /** The model of the byte-level tokenizers, with nothing said beside its tokenizer. */
  private ModelDirectory plain() {
    return copy("add-prefix-space")
        .write(
            "tokenizer_config.json",
            "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"eos_token\": \"<eos>\"}");
  }

  private static void assertScores(
      ModelDirectory model, String prompt, String text, int tokens, double open, double ended) {
    List<Response> responses = List.of(new Response(text, false), new Response(text, true));
    try (CausalModel alone = model.load();
        ScoringSession session = alone.openScoring(Rendered.raw(prompt))) {
      List<Score> scores = session.score(responses);
      assertThat(scores).extracting(Score::tokens).containsExactly(tokens, tokens + 1);
      assertThat(scores.get(0).logProbability()).isCloseTo(open, within(TOLERANCE));
      assertThat(scores.get(1).logProbability()).isCloseTo(ended, within(TOLERANCE));
    }
    String reference = model.path().toString();
    try (GuidancePair pair =
            GuidancePair.load(reference, reference, Golden.CPU_FLOAT32, PromptFormat.raw());
        PairSession session = pair.openSession(Prompt.of(prompt))) {
      PairScore score = session.score(responses).get(1);
      assertThat(score.tokens()).isEqualTo(tokens + 1);
      assertThat(score.tuned()).isCloseTo(ended, within(TOLERANCE));
      assertThat(score.untuned()).isCloseTo(ended, within(TOLERANCE));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "add-prefix-space,' good',5,-25.03314,-32.52314",
    "added-tokens-in-config,' ok<|user|>',4,-24.68986,-30.38891",
    "do-lower-case,' Good',1,-9.58579,-16.30755",
    "bpe-dropout,' good',3,-20.15477,-24.97801",
  })
  void scoresEqualTransformers(String model, String text, int tokens, double open, double ended) {
    assertScores(copy(model), PROMPT, text, tokens, open, ended);
  }

  /** Python writes it so; nobody reads the key. */
  @Test
  void aConfigMayHoldInfinityWhereNobodyLooks() {
    assertPlainScores(plain().config("time_step_limit", "[0.0, Infinity, NaN]"));
  }

  @Test
  void metadataMayBeNull() throws IOException {
    ModelDirectory model = plain().weights(weights -> weights); // without metadata
    byte[] bytes = Files.readAllBytes(model.file("model.safetensors"));
    int end = 8 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    String header = "{\"__metadata__\":null," + new String(bytes, 9, end - 9, UTF_8);
    byte[] data = Arrays.copyOfRange(bytes, end, bytes.length);
    assertPlainScores(model.write("model.safetensors", Safetensors.file(header, data)));
  }

  private static void assertPlainScores(ModelDirectory model) {
    assertScores(model, PROMPT, " good", 5, -25.06739, -32.53025);
  }

  @Test
  void aTemplateInAFileOfItsOwnIsTheModels() {
    String template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}";
    ModelDirectory model = plain().write("chat_template.jinja", template);
    try (CausalModel loaded = model.load()) {
      assertThat(loaded.summary().chatTemplate()).isEqualTo(template);
    }
    assertPlainScores(model);
  }

  /** Merges left out at random would give another score each time. */
  @Test
  void dropoutIsSwitchedOff() {
    ModelDirectory model = copy("bpe-dropout");
    for (int round = 0; round < 5; round++) {
      try (CausalModel loaded = model.load();
          ScoringSession session = loaded.openScoring(Rendered.raw("goo goo goo"))) {
        Score score = session.score(List.of(new Response(" good oo", true))).get(0);
        assertThat(score.tokens()).isEqualTo(6);
        assertThat(score.logProbability()).isCloseTo(-41.89381, within(TOLERANCE));
      }
    }
  }
}
