// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of a model before its weights are read is what is true once they are. */
class ModelFilesTest {
  @TempDir private Path directory;

  static Stream<String> models() {
    return Golden.TINY.stream();
  }

  private static ModelFiles read(ModelDirectory model) {
    return ModelFiles.read(model.path().toString());
  }

  private ModelDirectory copy(String name) {
    return ModelDirectory.copyOf("llama-gqa", directory.resolve(name));
  }

  @ParameterizedTest
  @MethodSource("models")
  void theSummaryIsThatOfTheLoadedModel(String name) {
    for (WeightType type : WeightType.values()) {
      Placement placement = new Placement("cpu", type);
      try (CausalModel model = CausalModel.load(Golden.reference(name), placement)) {
        ModelSummary read = ModelSummary.read(Golden.reference(name), placement);
        assertThat(read).isEqualTo(model.summary());
        assertThat(read.kind()).isEqualTo(Kind.LANGUAGE_MODEL);
      }
    }
  }

  @Test
  void aClassifierIsToldFromALanguageModel() {
    String reference = Golden.reference("gpt2-classifier");
    try (SequenceClassifier model = SequenceClassifier.load(reference, Golden.CPU_FLOAT32)) {
      ModelSummary read = ModelSummary.read(reference, Golden.CPU_FLOAT32);
      assertThat(read).isEqualTo(model.summary());
      assertThat(read.kind()).isEqualTo(Kind.CLASSIFIER);
    }
  }

  @Test
  void positionsAreThoseOfTheConfig() {
    try (ModelFiles files = read(copy("short").config("max_position_embeddings", "96"))) {
      assertThat(files.positions()).isEqualTo(96);
    }
  }

  @Test
  void whatIsRefusedIsClosed() {
    ModelDirectory model = copy("broken").weights(weights -> weights.without("model.norm.weight"));
    assertThatThrownBy(() -> read(model)).hasMessageContaining("model.norm.weight");
    assertThat(model.openFiles()).isEmpty();
  }

  @Test
  void aModelOutlivesTheFilesItWasLoadedFrom() {
    ModelFiles files = ModelFiles.read(Golden.reference("gpt2-odd"));
    try (CausalModel model = CausalModel.load(files, Golden.CPU_FLOAT32)) {
      files.close();
      files.close();
      try (ScoringSession session = model.openScoring(Rendered.raw("The"))) {
        assertThat(session.score(List.of(new ScoringSession.Response(" movie", true)))).hasSize(1);
      }
    }
    assertThatThrownBy(() -> files.tokenizer().countTokens("a"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void oneTokenizerServesModelsWithTheSameTokenizerFiles() {
    ModelDirectory one = copy("one");
    ModelDirectory template =
        copy("template").edit("tokenizer_config.json", json -> json.put("chat_template", "x"));
    ModelDirectory added = copy("added").write("added_tokens.json", "{}");
    try (ModelFiles files = read(one);
        ModelFiles same = ModelFiles.read(copy("two").path().toString(), files);
        ModelFiles other = ModelFiles.read(template.path().toString(), files);
        ModelFiles third = ModelFiles.read(added.path().toString(), files)) {
      assertThat(same.tokenizer().vocabulary()).isSameAs(files.tokenizer().vocabulary());
      assertThat(other.tokenizer().vocabulary()).isNotSameAs(files.tokenizer().vocabulary());
      assertThat(other.tokenizer().chatTemplate()).isEqualTo("x");
      assertThat(third.tokenizer().vocabulary()).isNotSameAs(files.tokenizer().vocabulary());
    }
  }

  /** The tokenizer fits one model's vocabulary and may be too large for another's. */
  @Test
  void aTokenizerIsNotSharedWithAModelOfAnotherVocabulary() {
    ModelDirectory small = copy("small").config("vocab_size", "299");
    try (ModelFiles files = read(copy("one"))) {
      assertThatThrownBy(() -> ModelFiles.read(small.path().toString(), files))
          .hasMessageContaining("largest token id is 299");
    }
  }

  @Test
  void directoriesAndWeightsAreCompared() {
    ModelDirectory one = copy("one");
    ModelDirectory two = copy("two");
    ModelDirectory changed = copy("changed");
    changed.weights(weights -> weights.change("model.norm.weight", t -> t.with(35, 2)));
    Path roundabout = one.path().resolve("..").resolve("one");
    try (ModelFiles first = read(one);
        ModelFiles again = ModelFiles.read(roundabout.toString());
        ModelFiles second = read(two);
        ModelFiles third = read(changed)) {
      assertThat(first.sameDirectory(again)).isTrue();
      assertThat(first.sameDirectory(second)).isFalse();
      assertThat(first.sameWeights(second)).isTrue();
      assertThat(first.sameWeights(third)).isFalse();
    }
  }

  @Test
  void weightsInSeveralFilesAreComparedTensorByTensor() {
    ModelDirectory changed = copy("changed");
    changed.weights(weights -> weights.change("model.norm.weight", t -> t.with(35, 2)));
    try (ModelFiles whole = read(copy("whole"));
        ModelFiles two = read(copy("two").shard(2));
        ModelFiles three = read(copy("three").shard(3));
        ModelFiles other = read(changed.shard(2))) {
      assertThat(two.sameWeights(whole)).isTrue();
      assertThat(whole.sameWeights(three)).isTrue();
      assertThat(two.sameWeights(three)).isTrue();
      assertThat(two.sameWeights(other)).isFalse();
      assertThat(other.sameWeights(whole)).isFalse();
    }
  }
}
