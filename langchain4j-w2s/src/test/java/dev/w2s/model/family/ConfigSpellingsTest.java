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
        "{'model_type': 'gpt_neox', 'rotary_pct': 0.8}|rotary_pct is 0.8|an even number",
        "{'model_type': 'phi3', 'rope_parameters': {'partial_rotary_factor': 2}}"
            + "|rope_parameters.partial_rotary_factor is 2|of a head's 4, not 8",
        "{'model_type': 'gemma3_text', 'rope_parameters': {'sliding_attention': {'rope_type':"
            + " 'dynamic', 'factor': 2}}}|rope_type|must not depend on the length",
        "{'model_type': 'llama', 'head_dim': 2, 'rope_scaling': {'type': 'dynamic', 'factor': 2}}"
            + "|rope_scaling|four of a head's numbers or more",
      })
  void refuses(String config, String key, String rule) {
    assertThatThrownBy(() -> small(config))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("config.json: ")
        .hasMessageContainingAll(key, rule);
  }
}
