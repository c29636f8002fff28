// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.files.ModelFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the golden models' configs say, as {@code golden.py} wrote it; errors: InvalidModelTest. */
class ConfigReaderTest {

  private static DecoderConfig read(String model) {
    return Families.read(ModelFolder.of(Golden.directory(model)));
  }

  private static List<Double> scales(DecoderConfig config) {
    return config.layers().stream().map(DecoderConfig.Layer::attentionScale).toList();
  }

  @Test
  void readsAGpt2() {
    DecoderConfig config = read("gpt2-untied");
    assertThat(config.family().modelType()).isEqualTo("gpt2");
    assertThat(config.vocabulary()).isEqualTo(300);
    assertThat(config.width()).isEqualTo(28);
    assertThat(config.layers().size()).isEqualTo(2);
    assertThat(config.attention().heads()).isEqualTo(7);
    assertThat(config.attention().kvHeads()).isEqualTo(7);
    assertThat(config.attention().headDim()).isEqualTo(4);
    assertThat(config.feedForward().width()).isEqualTo(50);
    assertThat(config.positions()).isEqualTo(40);
    assertThat(config.feedForward().activation()).isEqualTo("relu");
    assertThat(config.norm().epsilon()).isEqualTo(1e-5);
    assertThat(config.tiedHead()).isFalse();
    assertThat(config.rotaries()).isEmpty();
    assertThat(config.norm().kind()).isEqualTo(Family.Norm.LAYER);
    assertThat(config.feedForward().gated()).isFalse();
    assertThat(config.attention().biased()).isTrue();
    assertThat(config.feedForward().biased()).isTrue();
    assertThat(config.classifier()).isFalse();
    assertThat(scales(config)).containsExactly(0.5, 0.5);
  }

  @Test
  void readsALlama() {
    DecoderConfig config = read("llama-gqa");
    assertThat(config.family().modelType()).isEqualTo("llama");
    assertThat(config.vocabulary()).isEqualTo(304);
    assertThat(config.width()).isEqualTo(36);
    assertThat(config.attention().heads()).isEqualTo(6);
    assertThat(config.attention().kvHeads()).isEqualTo(2);
    assertThat(config.attention().headDim()).isEqualTo(6);
    assertThat(config.feedForward().width()).isEqualTo(44);
    assertThat(config.positions()).isEqualTo(72);
    assertThat(config.feedForward().activation()).isEqualTo("silu");
    assertThat(config.norm().epsilon()).isEqualTo(1e-2);
    assertThat(config.tiedHead()).isFalse();
    assertThat(config.rotaries().get(0).frequencies()).hasSize(3).startsWith(1.0);
    assertThat(config.norm().kind()).isEqualTo(Family.Norm.RMS);
    assertThat(config.feedForward().gated()).isTrue();
    assertThat(config.attention().biased()).isTrue();
    assertThat(config.feedForward().biased()).isTrue();
  }

  @Test
  void attentionMayBeScaledByTheInverseLayerIndexOrNotAtAll(@TempDir Path directory) {
    double scale = 1 / Math.sqrt(8);
    assertThat(scales(read("gpt2-scaled"))).containsExactly(scale, scale / 2, scale / 3);
    ModelDirectory unscaled =
        ModelDirectory.copyOf("gpt2-scaled", directory.resolve("model"))
            .config("scale_attn_weights", "false");
    assertThat(scales(Families.read(ModelFolder.of(unscaled.path()))))
        .containsExactly(1.0, 0.5, 1.0 / 3);
  }

  @Test
  void headsMayHaveAWidthOfTheirOwn() {
    DecoderConfig config = read("llama-old-style");
    assertThat(config.attention().headDim()).isEqualTo(10);
    assertThat(config.width()).isEqualTo(33);
    assertThat(config.attention().kvHeads())
        .as("as many as heads where it is not said")
        .isEqualTo(3);
    assertThat(config.feedForward().activation()).isEqualTo("gelu");
    assertThat(config.rotaries().get(0).frequencies().get(0)).isEqualTo(0.5);
  }

  @Test
  void labelsStandInTheOrderOfTheirNumbers(@TempDir Path directory) {
    assertThat(read("gpt2-classifier").labels()).containsExactly("negative", "neutral", "positive");
    ModelDirectory model = ModelDirectory.copyOf("gpt2-classifier", directory.resolve("model"));
    model.config("id2label", "{\"1\": \"b\", \"0\": \"a\"}");
    assertThat(Families.read(ModelFolder.of(model.path())).labels()).containsExactly("a", "b");
    model.config("id2label", null);
    assertThat(Families.read(ModelFolder.of(model.path())).labels())
        .isEqualTo(List.of("LABEL_0", "LABEL_1"));
    model.config("num_labels", "1");
    assertThat(Families.read(ModelFolder.of(model.path())).labels()).containsExactly("LABEL_0");
  }

  /** What transformers takes where a config is silent. */
  @ParameterizedTest
  @CsvSource({"gpt2-odd, activation_function, gelu_tanh", "llama-gqa, hidden_act, silu"})
  void theActivationHasADefault(String name, String key, String expected, @TempDir Path directory) {
    ModelDirectory model = ModelDirectory.copyOf(name, directory.resolve("model"));
    assertThat(
            Families.read(ModelFolder.of(model.config(key, null).path()))
                .feedForward()
                .activation())
        .isEqualTo(expected);
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
    assertThat(Families.read(ModelFolder.of(model.path())).feedForward().activation())
        .isEqualTo(expected);
  }

  @Test
  void sizesHaveTheirFamilysDefaults(@TempDir Path directory) {
    ModelDirectory model = ModelDirectory.copyOf("gpt2-untied", directory.resolve("model"));
    model.config("n_inner", "null").config("tie_word_embeddings", null);
    model.config("layer_norm_epsilon", null).config("architectures", null);
    DecoderConfig config = Families.read(ModelFolder.of(model.path()));
    assertThat(config.feedForward().width()).isEqualTo(4 * 28);
    assertThat(config.tiedHead()).isTrue();
    assertThat(config.norm().epsilon()).isEqualTo(1e-5);
    assertThat(config.classifier()).isFalse();
  }

  /** As in transformers, whose config classes keep such a key and whose models never look at it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "num_hidden_layers",
        "num_attention_heads",
        "num_key_value_heads",
        "head_dim",
        "intermediate_size",
        "rms_norm_eps",
        "hidden_act",
        "attention_bias",
        "mlp_bias",
        "rope_theta",
        "rope_scaling",
        "rope_parameters"
      })
  void aGpt2ReadsNoKeyOfLlama(String key, @TempDir Path directory) {
    assertIgnored("gpt2-scaled", key, directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n_embd",
        "n_layer",
        "n_head",
        "n_inner",
        "n_positions",
        "layer_norm_epsilon",
        "activation_function",
        "scale_attn_weights",
        "scale_attn_by_inverse_layer_idx",
        "add_cross_attention"
      })
  void aLlamaReadsNoKeyOfGpt2(String key, @TempDir Path directory) {
    assertIgnored("llama-gqa", key, directory);
  }

  private static void assertIgnored(String name, String key, Path directory) {
    ModelDirectory model = ModelDirectory.copyOf(name, directory.resolve("model"));
    assertThat(Families.read(ModelFolder.of(model.config(key, "[\"nonsense\"]").path())))
        .isEqualTo(read(name));
  }

  @Test
  void everyFamilyIsNamed() {
    assertThat(Families.supported())
        .containsExactly(
            "gpt2",
            "llama",
            "smollm3",
            "mistral",
            "ministral",
            "qwen2",
            "qwen3",
            "olmo2",
            "olmo3",
            "gemma2",
            "gemma3_text",
            "gemma3",
            "phi3",
            "gpt_neox",
            "granite");
  }

  /** Gemma multiplies by 1 + w. */
  @Test
  void normsOfGemmaAreStoredAsTheDistanceFromOne() {
    assertThat(Families.all())
        .filteredOn(Family::normsFromOne)
        .extracting(Family::modelType)
        .containsExactly("gemma2", "gemma3_text", "gemma3");
  }

  @Test
  void queryKeyAndValueOfGptNeoxStandHeadByHead() {
    assertThat(Families.all())
        .filteredOn(Family::interleaved)
        .extracting(Family::modelType)
        .containsExactly("gpt_neox");
  }
}
