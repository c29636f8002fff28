// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the golden models' configs say, as {@code golden.py} wrote it; errors: InvalidModelTest. */
class ConfigReaderTest {

  private static DecoderConfig read(String model) {
    return ConfigReader.read(Golden.directory(model));
  }

  @Test
  void readsAGpt2() {
    DecoderConfig config = read("gpt2-untied");
    assertThat(config.family()).isEqualTo("gpt2");
    assertThat(config.vocabulary()).isEqualTo(300);
    assertThat(config.width()).isEqualTo(28);
    assertThat(config.layers()).isEqualTo(2);
    assertThat(config.heads()).isEqualTo(7);
    assertThat(config.kvHeads()).isEqualTo(7);
    assertThat(config.headDim()).isEqualTo(4);
    assertThat(config.qkvWidth()).isEqualTo(84);
    assertThat(config.feedForward()).isEqualTo(50);
    assertThat(config.positions()).isEqualTo(40);
    assertThat(config.activation()).isEqualTo("relu");
    assertThat(config.epsilon()).isEqualTo(1e-5);
    assertThat(config.tiedHead()).isFalse();
    assertThat(config.rotary()).isFalse();
    assertThat(config.rmsNorm()).isFalse();
    assertThat(config.gated()).isFalse();
    assertThat(config.attentionBias()).isTrue();
    assertThat(config.feedForwardBias()).isTrue();
    assertThat(config.classifier()).isFalse();
    assertThat(config.scales()).containsExactly(0.5, 0.5);
  }

  @Test
  void readsALlama() {
    DecoderConfig config = read("llama-gqa");
    assertThat(config.family()).isEqualTo("llama");
    assertThat(config.vocabulary()).isEqualTo(304);
    assertThat(config.width()).isEqualTo(36);
    assertThat(config.heads()).isEqualTo(6);
    assertThat(config.kvHeads()).isEqualTo(2);
    assertThat(config.headDim()).isEqualTo(6);
    assertThat(config.qkvWidth()).isEqualTo(60);
    assertThat(config.feedForward()).isEqualTo(44);
    assertThat(config.positions()).isEqualTo(72);
    assertThat(config.activation()).isEqualTo("silu");
    assertThat(config.epsilon()).isEqualTo(1e-2);
    assertThat(config.tiedHead()).isFalse();
    assertThat(config.rotaryFrequencies()).hasSize(3).startsWith(1.0);
    assertThat(config.rmsNorm()).isTrue();
    assertThat(config.gated()).isTrue();
    assertThat(config.attentionBias()).isTrue();
    assertThat(config.feedForwardBias()).isTrue();
  }

  @Test
  void attentionMayBeScaledByTheInverseLayerIndexOrNotAtAll(@TempDir Path directory) {
    double scale = 1 / Math.sqrt(8);
    assertThat(read("gpt2-scaled").scales()).containsExactly(scale, scale / 2, scale / 3);
    ModelDirectory unscaled =
        ModelDirectory.copyOf("gpt2-scaled", directory.resolve("model"))
            .config("scale_attn_weights", "false");
    assertThat(ConfigReader.read(unscaled.path()).scales()).containsExactly(1.0, 0.5, 1.0 / 3);
  }

  @Test
  void headsMayHaveAWidthOfTheirOwn() {
    DecoderConfig config = read("llama-old-style");
    assertThat(config.headDim()).isEqualTo(10);
    assertThat(config.width()).isEqualTo(33);
    assertThat(config.kvHeads()).as("as many as heads where it is not said").isEqualTo(3);
    assertThat(config.activation()).isEqualTo("gelu");
    assertThat(config.rotaryFrequencies().get(0)).isEqualTo(0.5);
  }

  @Test
  void labelsStandInTheOrderOfTheirNumbers(@TempDir Path directory) {
    assertThat(read("gpt2-classifier").labels()).containsExactly("negative", "neutral", "positive");
    ModelDirectory model = ModelDirectory.copyOf("gpt2-classifier", directory.resolve("model"));
    model.config("id2label", "{\"1\": \"b\", \"0\": \"a\"}");
    assertThat(ConfigReader.read(model.path()).labels()).containsExactly("a", "b");
    model.config("id2label", null);
    assertThat(ConfigReader.read(model.path()).labels()).isEqualTo(List.of("LABEL_0", "LABEL_1"));
    model.config("num_labels", "1");
    assertThat(ConfigReader.read(model.path()).labels()).containsExactly("LABEL_0");
  }

  /** What transformers takes where a config is silent. */
  @ParameterizedTest
  @CsvSource({"gpt2-odd, activation_function, gelu_tanh", "llama-gqa, hidden_act, silu"})
  void theActivationHasADefault(String name, String key, String expected, @TempDir Path directory) {
    ModelDirectory model = ModelDirectory.copyOf(name, directory.resolve("model"));
    assertThat(ConfigReader.read(model.config(key, null).path()).activation()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "silu, silu",
    "swish, silu",
    "gelu, gelu",
    "gelu_new, gelu_tanh",
    "gelu_pytorch_tanh, gelu_tanh",
    "relu, relu"
  })
  void activationsHaveSeveralNames(String name, String expected, @TempDir Path directory) {
    ModelDirectory model = ModelDirectory.copyOf("llama-gqa", directory.resolve("model"));
    model.config("hidden_act", '"' + name + '"');
    assertThat(ConfigReader.read(model.path()).activation()).isEqualTo(expected);
  }

  @Test
  void sizesHaveTheirFamilysDefaults(@TempDir Path directory) {
    ModelDirectory model = ModelDirectory.copyOf("gpt2-untied", directory.resolve("model"));
    model.config("n_inner", "null").config("tie_word_embeddings", null);
    model.config("layer_norm_epsilon", null).config("architectures", null);
    DecoderConfig config = ConfigReader.read(model.path());
    assertThat(config.feedForward()).isEqualTo(4 * 28);
    assertThat(config.tiedHead()).isTrue();
    assertThat(config.epsilon()).isEqualTo(1e-5);
    assertThat(config.classifier()).isFalse();
  }
}
