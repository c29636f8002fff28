// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.FamilyModels;
import dev.w2s.model.Golden;
import dev.w2s.model.family.DecoderConfig.Multipliers;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.testkit.GoldenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What configs leave out, and how transformers 4 and 5 spell the same. */
class ConfigSpellingsTest {
  /** What every config states. */
  private static final List<String> SIZES =
      List.of(
          "model_type",
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "max_position_embeddings",
          "n_embd",
          "n_layer",
          "n_head",
          "n_positions");

  static Stream<String> models() {
    return GoldenFiles.rows("families/golden.json", "sequences").stream()
        .map(row -> row.get("model").asText())
        .distinct();
  }

  static Stream<JsonNode> defaults() {
    return GoldenFiles.rows("families/defaults.json", "configs").stream();
  }

  static Stream<JsonNode> ropes() {
    return GoldenFiles.rows("families/rotary.json", "cases").stream();
  }

  private static JsonFile file(JsonNode json) {
    return new JsonFile(Path.of("config.json"), "", (ObjectNode) json);
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DecoderConfig read(String model, String file) {
    return Families.read(JsonFile.read(FamilyModels.directory(model).resolve(file)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void bothSpellingsSayTheSame(String model) {
    assertThat(read(model, "config-4.json")).isEqualTo(read(model, "config.json"));
  }

  /** A config that is silent is one that states what transformers takes by default. */
  @ParameterizedTest
  @MethodSource("defaults")
  void defaultsAreThoseOfTransformers(JsonNode config) {
    ObjectNode silent = config.deepCopy();
    silent.retain(Stream.concat(SIZES.stream(), Stream.of("text_config")).toList());
    if (silent.get("text_config") instanceof ObjectNode inner) {
      inner.removeAll();
    }
    assertThat(Families.read(file(silent))).isEqualTo(Families.read(file(config)));
  }

  @Test
  void everyFamilyHasDefaultsThatAreTested() {
    assertThat(defaults().map(config -> config.get("model_type").asText()))
        .containsExactlyInAnyOrderElementsOf(Families.supported());
  }

  /** Frequencies and factors, for texts of several lengths. */
  @ParameterizedTest
  @MethodSource("ropes")
  void rotaryPositionsEqualTransformers(JsonNode row) {
    DecoderConfig config = Families.read(file(row.get("config")));
    Rotary rotary = config.rotaries().get(0);
    for (JsonNode expected : row.get("lengths")) {
      int length = expected.get("length").intValue();
      List<Double> frequencies = rotary.frequencies(config.frequencies(length));
      List<Double> theirs = Golden.numbers(expected.get("frequencies"));
      assertThat(rotary.factor()).isCloseTo(expected.get("factor").doubleValue(), within(1e-9));
      assertThat(frequencies).hasSameSizeAs(theirs);
      for (int i = 0; i < frequencies.size(); i++) {
        assertThat(frequencies.get(i) / theirs.get(i)).isCloseTo(1, within(2e-6));
      }
    }
  }

  private static DecoderConfig small(String more) {
    ObjectNode config =
        json(
            """
            {'vocab_size': 9, 'hidden_size': 8, 'intermediate_size': 8, 'num_hidden_layers': 4,
             'num_attention_heads': 2, 'num_key_value_heads': 2, 'head_dim': 4,
             'max_position_embeddings': 64}""");
    config.setAll(json(more));
    return Families.read(file(config));
  }

  private static List<Integer> windows(String more) {
    return small(more).layers().stream().map(DecoderConfig.Layer::window).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'model_type': 'mistral'}|4096 4096 4096 4096",
        "{'model_type': 'mistral', 'sliding_window': null}|0 0 0 0",
        "{'model_type': 'mistral', 'sliding_window': 7}|7 7 7 7",
        "{'model_type': 'llama', 'sliding_window': 7}|0 0 0 0",
        "{'model_type': 'ministral', 'sliding_window': null}|0 0 0 0",
        "{'model_type': 'qwen2', 'sliding_window': 7, 'max_window_layers': 0}|0 0 0 0",
        "{'model_type': 'qwen2', 'use_sliding_window': true, 'max_window_layers': 3}|0 0 0 4096",
        "{'model_type': 'qwen3', 'use_sliding_window': true, 'sliding_window': 7,"
            + " 'max_window_layers': 0}|7 7 7 7",
        "{'model_type': 'qwen3', 'use_sliding_window': true, 'sliding_window': null,"
            + " 'max_window_layers': 0}|0 0 0 0",
        "{'model_type': 'gemma2', 'sliding_window': 7}|7 0 7 0",
        "{'model_type': 'gemma3_text', 'sliding_window': 7}|7 7 7 7",
        "{'model_type': 'gemma3_text', 'sliding_window': 7, 'sliding_window_pattern': 3}|7 7 0 7",
        "{'model_type': 'olmo3', 'sliding_window': 7}|7 7 7 0",
        "{'model_type': 'olmo3', 'sliding_window': 7, 'layer_types': ['full_attention',"
            + " 'sliding_attention', 'full_attention', 'full_attention']}|0 7 0 0",
        "{'model_type': 'smollm3', 'sliding_window': 7}|0 0 0 0",
        "{'model_type': 'smollm3', 'sliding_window': 7, 'use_sliding_window': true}|0 0 0 7",
        "{'model_type': 'phi3'}|0 0 0 0",
        "{'model_type': 'phi3', 'sliding_window': 2047}|2047 2047 2047 2047",
      })
  void windowsByLayer(String config, String expected) {
    assertThat(windows(config).toString().replaceAll("[\\[\\],]", "")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'model_type': 'smollm3'}|0 0 0 -1",
        "{'model_type': 'smollm3', 'no_rope_layer_interval': 2}|0 -1 0 -1",
        "{'model_type': 'smollm3', 'no_rope_layer_interval': 9}|0 0 0 0",
        "{'model_type': 'smollm3', 'no_rope_layers': [0, 1, 1, 0]}|-1 0 0 -1",
        "{'model_type': 'gemma2'}|0 0 0 0",
        "{'model_type': 'gemma3_text', 'sliding_window_pattern': 2}|1 0 1 0",
        "{'model_type': 'llama', 'no_rope_layers': [0, 0, 0, 0]}|0 0 0 0",
      })
  void rotaryPositionsByLayer(String config, String expected) {
    List<Integer> rotaries =
        small(config).layers().stream().map(DecoderConfig.Layer::rotary).toList();
    assertThat(rotaries.toString().replaceAll("[\\[\\],]", "")).isEqualTo(expected);
  }

  /** Theta 10^6 and 10^4; the second of two pairs has it to the power of -1/2. */
  @Test
  void windowedLayersMayHaveAThetaOfTheirOwn() {
    String config =
        "{'model_type': 'gemma3_text', 'rope_theta': 1e6, 'rope_local_base_freq': 1e4,"
            + " 'sliding_window': 7}";
    assertThat(small(config).rotaries())
        .extracting(rotary -> rotary.frequencies().get(1))
        .containsExactly(1e-3, 1e-2);
  }

  @Test
  void learnedPositionsAreNotRotary() {
    DecoderConfig gpt2 =
        small("{'model_type': 'gpt2', 'n_embd': 8, 'n_layer': 2, 'n_head': 2, 'n_positions': 64}");
    assertThat(gpt2.rotaries()).isEmpty();
    assertThat(gpt2.layers()).extracting(DecoderConfig.Layer::rotary).containsExactly(-1, -1);
    assertThat(gpt2.frequencies(64)).isZero();
  }

  /** The scale of a llama's heads of 4 is 1 over their root. */
  @Test
  void aLlamaIsMultipliedByNothingElse() {
    DecoderConfig llama = small("{'model_type': 'llama'}");
    assertThat(llama.multipliers()).isEqualTo(new Multipliers(1, 1, 1, 0));
    assertThat(llama.attention().cap()).isZero();
    assertThat(llama.layers().get(0).attentionScale()).isEqualTo(0.5);
    assertThat(llama.parallel()).isFalse();
  }

  @Test
  void aGraniteStatesItsMultipliers() {
    DecoderConfig granite =
        small(
            "{'model_type': 'granite', 'embedding_multiplier': 12, 'residual_multiplier': 0.22,"
                + " 'logits_scaling': 8, 'attention_multiplier': 0.015625}");
    assertThat(granite.multipliers()).isEqualTo(new Multipliers(12, 0.22, 8, 0));
    assertThat(granite.layers().get(0).attentionScale()).isEqualTo(0.015625);
  }

  /** Embeddings by the root of the width, 8; a classifier's logits are those of another head. */
  @Test
  void aGemmaCapsTheLogitsOfItsTokens() {
    String config = "{'model_type': 'gemma2', 'query_pre_attn_scalar': 16%s}";
    DecoderConfig gemma = small(config.formatted(""));
    assertThat(gemma.multipliers()).isEqualTo(new Multipliers(Math.sqrt(8), 1, 1, 30));
    assertThat(gemma.attention().cap()).isEqualTo(50);
    assertThat(gemma.layers().get(0).attentionScale()).isEqualTo(0.25);
    DecoderConfig classifier =
        small(config.formatted(", 'architectures': ['Gemma2ForSequenceClassification']"));
    assertThat(classifier.multipliers()).isEqualTo(new Multipliers(Math.sqrt(8), 1, 1, 0));
  }

  /** Where the width of a head is not said, the heads share the hidden states. */
  @ParameterizedTest
  @CsvSource({"2, 'null', 4", "3, 4, 4", "4, 'null', 2"})
  void headsShareTheWidthWhereTheirsIsNotSaid(int heads, String headDim, int expected) {
    String config =
        "{'model_type': 'olmo2', 'num_attention_heads': %1$d, 'num_key_value_heads': %1$d, 'head_dim': %2$s}";
    assertThat(small(config.formatted(heads, headDim)).attention().headDim()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "llama, LlamaForCausalLM or LlamaForSequenceClassification",
    "granite, GraniteForCausalLM"
  })
  void anotherArchitectureIsRefusedWithThoseOfTheFamily(String family, String rule) {
    String config = "{'model_type': '%s', 'architectures': ['Other']}".formatted(family);
    assertThatThrownBy(() -> small(config))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageEndingWith("it must be " + rule);
  }

  /** Phi-3's longrope was called su, and yarn, before it had a name. */
  @Test
  void longropeHasThreeNames() {
    String config =
        """
        {'model_type': 'phi3', 'original_max_position_embeddings': 16, 'rope_scaling':
         {'type': '%s', 'short_factor': [1, 1], 'long_factor': [2, 3]}}""";
    DecoderConfig longrope = small(config.formatted("longrope"));
    assertThat(longrope.rotaries().get(0).longer()).isInstanceOf(Rotary.Switched.class);
    assertThat(small(config.formatted("su"))).isEqualTo(longrope);
    assertThat(small(config.formatted("yarn"))).isEqualTo(longrope);
  }

  /** Dynamic scaling goes on behind the positions of the training, which the config states. */
  @Test
  void dynamicScalingHasMorePositions() {
    String config = "{'model_type': 'llama', 'rope_scaling': {'type': 'dynamic', 'factor': 2.5}}";
    assertThat(small(config).positions()).isEqualTo(160);
    assertThat(small(config).frequencies(64)).isZero();
    assertThat(small(config).frequencies(160)).isEqualTo(96);
    String absurd = config.replace("2.5", "1e300");
    assertThat(small(absurd).positions()).isEqualTo(64 + (1 << 23));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'model_type': 'qwen2', 'layer_types': ['sliding_attention', 'full_attention',"
            + " 'full_attention', 'full_attention']}|layer_types|since the config has no window",
        "{'model_type': 'olmo3', 'layer_types': ['full_attention']}"
            + "|layer_types|must hold one for each of the 4 layers, not 1",
        "{'model_type': 'olmo3', 'layer_types': ['a', 'b', 'c', 'd']}"
            + "|layer_types|must hold sliding_attention and full_attention only",
        "{'model_type': 'olmo3', 'layer_types': 'full_attention'}|layer_types|must be a list",
        "{'model_type': 'olmo3', 'layer_types': [1, 1, 1, 1]}|layer_types|a list of strings",
        "{'model_type': 'smollm3', 'no_rope_layers': [1]}|no_rope_layers|4 layers, not 1",
        "{'model_type': 'smollm3', 'no_rope_layer_interval': 0}|no_rope_layer_interval|from 1",
        "{'model_type': 'gemma2', 'sliding_window': null}|sliding_window is null|must be given",
        "{'model_type': 'gemma2', 'use_bidirectional_attention': true}"
            + "|use_bidirectional_attention is true|must be false",
        "{'model_type': 'gemma2', 'attn_logit_softcapping': 0}|attn_logit_softcapping|above 0",
        "{'model_type': 'granite', 'architectures': ['GraniteForSequenceClassification']}"
            + "|architectures|must be GraniteForCausalLM",
        "{'model_type': 'gemma3'}|text_config is missing|must be given",
        "{'model_type': 'llama', 'quantization_config': {}}|quantization_config is {}|unquantised",
        "{'model_type': 'gemma3', 'text_config': {'per_layer_config': []}}"
            + "|text_config.per_layer_config is []|must be absent",
        "{'model_type': 'gpt_neox', 'rotary_pct': 0.8}|rotary_pct is 0.8|an even number",
        "{'model_type': 'phi3', 'rope_parameters': {'partial_rotary_factor': 2}}"
            + "|rope_parameters.partial_rotary_factor is 2|of a head's 4, not 8",
        "{'model_type': 'gemma3_text', 'rope_parameters': {'sliding_attention': {'rope_type':"
            + " 'dynamic', 'factor': 2}}}|rope_type|must not depend on the length",
        "{'model_type': 'llama', 'head_dim': 2, 'rope_scaling': {'type': 'dynamic', 'factor': 2}}"
            + "|rope_scaling|four of a head's numbers or more",
        "{'model_type': 'llama', 'num_attention_heads': 3, 'num_key_value_heads': 3, 'head_dim': null}"
            + "|num_attention_heads is 3|must divide hidden_size (8)",
        "{'model_type': 'llama', 'architectures': ['LlamaForSequenceClassification'], 'id2label':"
            + " {'0': 'a', '2': 'b'}}|id2label|every label from 0 to 1",
      })
  void refuses(String config, String key, String rule) {
    assertThatThrownBy(() -> small(config))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("config.json: ")
        .hasMessageContainingAll(key, rule);
  }
}
