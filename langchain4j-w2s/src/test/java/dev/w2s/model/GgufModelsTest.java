// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.guidance.PairCheck;
import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.family.Families;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.gguf.GgufFolder;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Turn;
import dev.w2s.testkit.GoldenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GGUF files score and tokenize as transformers does with the models that they were made of. */
class GgufModelsTest {
  private static final String SCORES = "gguf/scores.json";

  /** Nats a sequence. */
  private static final double TOLERANCE = 1e-3;

  @TempDir private Path directory;

  static Stream<String> models() {
    return Golden.rows(SCORES, "scores").stream().map(row -> row.get("model").asText()).distinct();
  }

  private static String reference(String model) {
    return GoldenFiles.directory("gguf").resolve(model + ".gguf").toString();
  }

  /** A file of a family that is not there yet is refused like its directory. */
  @ParameterizedTest
  @MethodSource("models")
  void tokensAndScoresEqualTransformers(String name) {
    JsonFile config = GgufFolder.open(Path.of(reference(name))).json("config.json");
    if (!Families.supported().contains(config.text("model_type"))) {
      assertThatThrownBy(() -> ModelFiles.read(reference(name)))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("model_type");
      return;
    }
    try (CausalModel model = CausalModel.load(reference(name), Golden.CPU_FLOAT32)) {
      assertThat(Golden.rows(SCORES, "scores", name))
          .isNotEmpty()
          .allSatisfy(row -> assertRow(model, row));
      assertThat(model.liveTensors()).isZero();
    }
  }

  private static void assertRow(CausalModel model, JsonNode row) {
    TokenIds tokens = model.tokenizer().encode(row.get("text").asText(), true);
    TokenIds expected = Golden.tokens(row.get("tokens"));
    assertThat(tokens.part(0, expected.size())).isEqualTo(expected);
    double[] nats = model.logProbabilities(List.of(expected)).get(0);
    double sum = 0;
    for (int i = 1; i < nats.length; i++) {
      sum += nats[i];
    }
    assertThat(sum).isCloseTo(row.get("logprob").doubleValue(), within(TOLERANCE));
  }

  @Test
  void whatItIsIsToldBeforeItIsLoaded() {
    assertThat(Kind.of(reference("llama-mixed"))).isEqualTo(Kind.LANGUAGE_MODEL);
    ModelSummary summary = ModelSummary.read(reference("llama-mixed"), Golden.CPU_FLOAT32);
    assertThat(summary.family()).isEqualTo("llama");
    assertThat(summary.layers()).isEqualTo(2);
    assertThat(summary.width()).isEqualTo(256);
    assertThat(summary.heads()).isEqualTo(4);
    assertThat(summary.kvHeads()).isEqualTo(2);
    assertThat(summary.positions()).isEqualTo(64);
    assertThat(summary.vocabulary()).isEqualTo(304);
    assertThat(summary.tokenizerVocabulary()).isEqualTo(300);
    assertThat(summary.eosTokens()).containsExactly(0);
    assertThat(summary.chatTemplate()).startsWith("{% for m in messages %}");
  }

  @Test
  void theChatTemplateOfTheFileIsUsed() {
    Prompt prompt = new Prompt.Conversation(List.of(new Turn("user", "Hello")));
    try (ModelFiles files = ModelFiles.read(reference("llama-mixed"))) {
      assertThat(files.tokenizer().promptFormat(PromptOptions.defaults()).render(prompt).text())
          .isEqualTo("Hello<|endoftext|>");
    }
  }

  /** Its padding is no token, so its vocabulary is that of the directory it was made of. */
  @Test
  void aFileAndADirectoryMakeAPair() {
    try (ModelFiles file = ModelFiles.read(reference("llama-mixed"));
        ModelFiles untuned = ModelFiles.read(Golden.reference("gpt2-untied"))) {
      PairCheck check = PairCheck.of(file, untuned);
      assertThat(check.errors()).isEmpty();
      assertThat(check.warnings())
          .noneSatisfy(warning -> assertThat(warning).contains("weights are the same"));
    }
  }

  @Test
  void oneFileIsOneModel() {
    try (ModelFiles file = ModelFiles.read(reference("gpt2"));
        ModelFiles again = ModelFiles.read(reference("gpt2"), file)) {
      assertThat(file.sameDirectory(again)).isTrue();
      assertThat(file.sameWeights(again)).isTrue();
      assertThat(file.tokenizer().tokenizesAs(again.tokenizer())).isTrue();
    }
  }

  @Test
  void directoriesAndMissingFilesAreNamed() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("model.gguf"));
    assertThatThrownBy(() -> ModelFiles.read(folder.toString()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("'" + folder + "' is a directory");
    Path missing = directory.resolve("none.gguf");
    assertThatThrownBy(() -> ModelFiles.read(missing.toString()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("'" + missing + "': no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama-spm"})
  void aFileThatIsCutOffIsRefused(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(reference(name)));
    Path cut = directory.resolve("cut.gguf");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 64));
    assertThatThrownBy(() -> ModelFiles.read(cut.toString()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("the file is cut off");
  }
}
