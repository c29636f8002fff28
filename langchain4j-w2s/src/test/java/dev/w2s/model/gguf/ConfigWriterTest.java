// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static dev.w2s.model.gguf.GgufBytes.BOOL;
import static dev.w2s.model.gguf.GgufBytes.INT32;
import static dev.w2s.model.gguf.GgufBytes.UINT32;
import static dev.w2s.model.gguf.GgufBytes.ints;
import static dev.w2s.model.gguf.GgufBytes.joined;
import static dev.w2s.model.gguf.GgufBytes.longs;
import static dev.w2s.model.gguf.GgufBytes.ramp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.TensorFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A config says what its file says, by the keys of transformers. */
class ConfigWriterTest {
  @TempDir private Path directory;

  private GgufFolder folder(GgufBytes file) {
    return GgufFolder.open(file.write(directory.resolve("model.gguf")));
  }

  private JsonNode config(GgufBytes file) {
    return folder(file).json("config.json").json();
  }

  private void assertRefused(GgufBytes file, String... message) {
    assertThatThrownBy(() -> config(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(directory.resolve("model.gguf") + ": ")
        .hasMessageContainingAll(message);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A model whose heads have 16 numbers, so that there are eight frequencies. */
  private static GgufBytes wide() {
    return GgufBytes.llama("llama")
        .set("llama.attention.key_length", 16)
        .set("llama.rope.freq_base", 500_000f);
  }

  @Test
  void allThatLlamaNeedsIsSaid() {
    assertThat(config(GgufBytes.llama("llama").set("llama.rope.freq_base", 1e4f)))
        .isEqualTo(
            json(
                """
                {"vocab_size": 4, "tie_word_embeddings": true, "eos_token_id": 3,
                 "model_type": "llama", "architectures": ["LlamaForCausalLM"],
                 "hidden_act": "silu", "num_attention_heads": 2, "num_key_value_heads": 1,
                 "head_dim": 4, "hidden_size": 8, "intermediate_size": 4, "num_hidden_layers": 1,
                 "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
                 "attention_bias": false, "mlp_bias": false, "rope_theta": 10000.0}
                """));
  }

  @Test
  void tensorsSayWhetherThereAreBiasesAndAHead() {
    JsonNode config =
        config(
            GgufBytes.llama("llama")
                .tensor("output.weight", ramp(32), 8, 4)
                .tensor("blk.0.attn_q.bias", ramp(8), 8)
                .tensor("blk.0.ffn_up.bias", ramp(4), 4));
    assertThat(config.get("tie_word_embeddings").booleanValue()).isFalse();
    assertThat(config.get("attention_bias").booleanValue()).isTrue();
    assertThat(config.get("mlp_bias").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama   | mistral     | {'sliding_window': 8}",
        "qwen2   | qwen2       | {'num_key_value_heads': 1}",
        "qwen3   | qwen3       | {'attention_bias': false}",
        "smollm3 | smollm3     | {'no_rope_layers': [1], 'attention_bias': false}",
        "granite | granite     | {'attention_bias': false}",
        "olmo2   | olmo3       | {'sliding_window': 8, 'layer_types': ['sliding_attention']}",
        "phi3    | phi3        | {'sliding_window': 8}",
        "gemma2  | gemma2      | {'sliding_window': 8, 'layer_types': ['sliding_attention'],"
            + " 'query_pre_attn_scalar': 4, 'hidden_activation': 'gelu_pytorch_tanh'}",
        "gemma3  | gemma3_text | {'sliding_window': 8, 'rope_local_base_freq': 10000.0,"
            + " 'query_pre_attn_scalar': 4}",
      })
  void familiesAreSaidByTheirOwnKeys(String architecture, String modelType, String keys) {
    GgufBytes file =
        GgufBytes.llama(architecture).set(architecture + ".attention.sliding_window", 8);
    JsonNode config = config(file);
    assertThat(config.get("model_type").asText()).isEqualTo(modelType);
    json(keys.replace('\'', '"'))
        .properties()
        .forEach(key -> assertThat(config.get(key.getKey())).isEqualTo(key.getValue()));
  }

  @Test
  void allThatGpt2NeedsIsSaid() {
    assertThat(config(GgufBytes.llama("gpt2").set("gpt2.attention.layer_norm_epsilon", 1e-5f)))
        .isEqualTo(
            json(
                """
                {"vocab_size": 4, "tie_word_embeddings": true, "eos_token_id": 3,
                 "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"],
                 "activation_function": "gelu_new", "n_embd": 8, "n_layer": 1, "n_head": 2,
                 "n_positions": 64, "n_inner": 4, "layer_norm_epsilon": 1e-5}
                """));
  }

  @Test
  void allThatGptNeoxNeedsIsSaid() {
    GgufBytes file =
        GgufBytes.llama("gptneox")
            .set("gptneox.attention.layer_norm_epsilon", 1e-5f)
            .set("gptneox.rope.freq_base", 1e4f)
            .set("tokenizer.ggml.bos_token_id", 2);
    assertThat(config(file))
        .isEqualTo(
            json(
                """
                {"vocab_size": 4, "tie_word_embeddings": true, "bos_token_id": 2,
                 "eos_token_id": 3, "model_type": "gpt_neox",
                 "architectures": ["GPTNeoXForCausalLM"], "hidden_act": "gelu",
                 "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
                 "intermediate_size": 4, "max_position_embeddings": 64, "layer_norm_eps": 1e-5,
                 "use_parallel_residual": true, "attention_bias": false, "rotary_pct": 1.0,
                 "rotary_emb_base": 10000.0}
                """));
    file.set("gptneox.use_parallel_residual", false)
        .set("gptneox.rope.dimension_count", 2)
        .tensor("blk.0.attn_qkv.bias", ramp(24), 24);
    assertThat(config(file).get("use_parallel_residual").booleanValue()).isFalse();
    assertThat(config(file).get("rotary_pct").doubleValue()).isEqualTo(0.5);
    assertThat(config(file).get("attention_bias").booleanValue()).isTrue();
  }

  /** A whole layer at the end of each period, which a file may state otherwise; 0 states none. */
  @ParameterizedTest
  @CsvSource({
    "olmo2, , s s s f s s s",
    "gemma2, , s f s f s f s",
    "gemma3, , s s s s s f s",
    "gemma3, 0, s s s s s f s",
    "gemma3, 3, s s f s s f s",
  })
  void windowedLayersComeInPeriods(String architecture, Integer period, String expected) {
    GgufBytes file =
        GgufBytes.llama(architecture)
            .set(architecture + ".block_count", 7)
            .set(architecture + ".attention.sliding_window", 8);
    if (period != null) {
      file.set(architecture + ".attention.sliding_window_pattern", period);
    }
    assertThat(config(file).get("layer_types"))
        .extracting(JsonNode::asText)
        .containsExactly(
            expected
                .replace("s", "sliding_attention")
                .replace("f", "full_attention")
                .split(" ", -1));
  }

  @Test
  void everyFourthLayerOfSmolLm3HasNoRotaryPositions() {
    assertThat(
            config(GgufBytes.llama("smollm3").set("smollm3.block_count", 9)).get("no_rope_layers"))
        .isEqualTo(json("[1, 1, 1, 0, 1, 1, 1, 0, 1]"));
  }

  @ParameterizedTest
  @CsvSource({"llama, llama", "olmo2, olmo2", "phi3, phi3"})
  void withoutAWindowThereIsNone(String architecture, String modelType) {
    JsonNode config = config(GgufBytes.llama(architecture));
    assertThat(config.get("model_type").asText()).isEqualTo(modelType);
    assertThat(config.has("sliding_window")).isFalse();
    assertThat(config.has("layer_types")).isFalse();
  }

  /** Gemma's largest models scale queries by the width over the heads: 8 / 2, not a head's 6. */
  @ParameterizedTest
  @CsvSource({"gemma2, 46, 4", "gemma2, 45, 6", "gemma3, 62, 4", "gemma3, 46, 6"})
  void theLargestGemmasScaleQueriesByTheWidth(String architecture, int layers, int expected) {
    GgufBytes file =
        GgufBytes.llama(architecture)
            .set(architecture + ".block_count", layers)
            .set(architecture + ".attention.key_length", 6)
            .set(architecture + ".attention.sliding_window", 8);
    for (int layer = 1; layer < layers; layer++) {
      file.tensor("blk." + layer + ".attn_norm.weight", ramp(8), 8);
    }
    assertThat(config(file).get("query_pre_attn_scalar").intValue()).isEqualTo(expected);
  }

  @Test
  void factorsAndCapsAreSaid() {
    JsonNode granite =
        config(
            GgufBytes.llama("granite")
                .set("granite.attention.scale", 0.25f)
                .set("granite.embedding_scale", 12f)
                .set("granite.residual_scale", 0.5f)
                .set("granite.logit_scale", 8f));
    assertThat(granite.get("attention_multiplier").doubleValue()).isEqualTo(0.25);
    assertThat(granite.get("embedding_multiplier").doubleValue()).isEqualTo(12);
    assertThat(granite.get("residual_multiplier").doubleValue()).isEqualTo(0.5);
    assertThat(granite.get("logits_scaling").doubleValue()).isEqualTo(8);
    JsonNode gemma =
        config(
            GgufBytes.llama("gemma2")
                .set("gemma2.attention.sliding_window", 8)
                .set("gemma2.attn_logit_softcapping", 50f)
                .set("gemma2.final_logit_softcapping", 30));
    assertThat(gemma.get("attn_logit_softcapping").doubleValue()).isEqualTo(50);
    assertThat(gemma.get("final_logit_softcapping").doubleValue()).isEqualTo(30);
    GgufBytes local = GgufBytes.llama("gemma3").set("gemma3.attention.sliding_window", 8);
    assertThat(config(local.set("gemma3.rope.freq_base_swa", 5000f)).get("rope_local_base_freq"))
        .isEqualTo(json("5000.0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen3", "olmo2", "smollm3", "granite"})
  void biasesOfQueriesAreThoseInTheFile(String architecture) {
    GgufBytes file = GgufBytes.llama(architecture);
    assertThat(config(file).get("attention_bias").booleanValue()).isFalse();
    file.tensor("blk.0.attn_q.bias", ramp(8), 8);
    assertThat(config(file).get("attention_bias").booleanValue()).isTrue();
  }

  /** Said by the file; else the rows of the queries, 8, by the heads; else the width by them. */
  @Test
  void theWidthOfAHeadIsFound() {
    GgufBytes file = GgufBytes.llama("llama").set("llama.embedding_length", 12);
    assertThat(config(file).get("head_dim").intValue()).isEqualTo(4);
    file.set("llama.attention.key_length", 10).set("llama.attention.value_length", 10);
    assertThat(config(file).get("head_dim").intValue()).isEqualTo(10);
    GgufBytes fused =
        new GgufBytes()
            .set("general.architecture", "phi3")
            .set("phi3.block_count", 1)
            .set("phi3.context_length", 64)
            .set("phi3.embedding_length", 12)
            .set("phi3.feed_forward_length", 4)
            .set("phi3.attention.head_count", 2)
            .tensor("token_embd.weight", ramp(32), 8, 4);
    assertThat(config(fused).get("head_dim").intValue()).isEqualTo(6);
  }

  @Test
  void keysAndValuesHaveAsManyHeadsAsQueriesWhereNothingIsSaid() {
    String key = "llama.attention.head_count_kv";
    GgufBytes file = GgufBytes.llama("llama");
    assertThat(config(file.without(key)).get("num_key_value_heads").intValue()).isEqualTo(2);
    assertRefused(file.set(key, 0), key + " is 0; it must be at least 1");
  }

  @Test
  void theVocabularyIsThatOfTheEmbedding() {
    GgufBytes none = new GgufBytes().set("general.architecture", "llama");
    assertRefused(none, "tensor token_embd.weight is missing; it must be a matrix of at most");
    GgufBytes vector = none.tensor("token_embd.weight", ramp(8), 8);
    assertRefused(vector, "tensor token_embd.weight is F32 [8]; it must be a matrix of at most");
  }

  @Test
  void aLayerHasATensorAtLeast() {
    GgufBytes file = GgufBytes.llama("smollm3").set("smollm3.block_count", 11);
    assertThat(config(file).get("no_rope_layers")).hasSize(11);
    assertRefused(
        file.set("smollm3.block_count", 12),
        "smollm3.block_count is 12; it must be at most the number of tensors, 11");
  }

  /** Numbers of Phi-3's directory; a head of 4 has two frequencies. */
  @Test
  void factorsOfShortAndLongTextsAreSaid() {
    GgufBytes file =
        GgufBytes.llama("phi3")
            .set("phi3.rope.scaling.original_context_length", 16)
            .set("phi3.rope.scaling.attn_factor", 1.5f)
            .tensor("rope_factors_short.weight", new float[] {1, 2}, 2)
            .tensor("rope_factors_long.weight", new float[] {3, 4}, 2);
    JsonNode config = config(file);
    assertThat(config.get("original_max_position_embeddings").intValue()).isEqualTo(16);
    assertThat(config.get("rope_scaling"))
        .isEqualTo(
            json(
                """
                {"rope_type": "longrope", "original_max_position_embeddings": 16,
                 "short_factor": [1.0, 2.0], "long_factor": [3.0, 4.0], "attention_factor": 1.5}
                """));
    assertRefused(
        GgufBytes.llama("phi3").tensor("rope_factors_short.weight", new float[] {1, 2}, 2),
        "tensor rope_factors_long.weight is missing; it must be given where the other one is");
  }

  @Test
  void allThatYarnSaysIsSaid() {
    GgufBytes file =
        wide()
            .set("llama.rope.scaling.type", "yarn")
            .set("llama.rope.scaling.factor", 2f)
            .set("llama.rope.scaling.original_context_length", 32)
            .set("llama.rope.scaling.yarn_beta_fast", 16f)
            .set("llama.rope.scaling.yarn_beta_slow", 2f)
            .set("llama.rope.scaling.yarn_attn_factor", 0.5f);
    assertThat(config(file).get("rope_scaling"))
        .isEqualTo(
            json(
                """
                {"rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 32,
                 "beta_fast": 16.0, "beta_slow": 2.0, "attention_factor": 0.5}
                """));
  }

  @Test
  void aHeadThatIsTurnedAsAWholeIsNotSaidToBeTurnedInPart() {
    GgufBytes file = GgufBytes.llama("phi3").set("phi3.rope.dimension_count", 4);
    assertThat(config(file).has("partial_rotary_factor")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama", "qwen2", "qwen3", "smollm3", "granite", "olmo2", "gemma2", "gemma3", "phi3"
      })
  void thetaIsThatOfTheFile(String architecture) {
    GgufBytes file =
        GgufBytes.llama(architecture)
            .set(architecture + ".attention.sliding_window", 8)
            .set(architecture + ".rope.freq_base", 5e5f);
    assertThat(config(file).get("rope_theta").doubleValue()).isEqualTo(500_000);
  }

  @Test
  void thetaIsThatOfTheGraphsWhereNothingIsSaid() {
    assertThat(config(GgufBytes.llama("llama")).get("rope_theta").doubleValue()).isEqualTo(10_000);
  }

  @Test
  void aWindowOfNothingIsNone() {
    GgufBytes file = GgufBytes.llama("phi3").set("phi3.attention.sliding_window", 0);
    assertThat(config(file).has("sliding_window")).isFalse();
  }

  @Test
  void windowedLayersAreThoseTheFileNames() {
    ByteBuffer one = ByteBuffer.wrap(new byte[] {0});
    GgufBytes file =
        GgufBytes.llama("gemma3")
            .set("gemma3.attention.sliding_window", 8)
            .raw(
                "gemma3.attention.sliding_window_pattern",
                joined(ints(GgufBytes.ARRAY, BOOL), longs(1), one));
    assertThat(config(file).get("layer_types")).isEqualTo(json("[\"full_attention\"]"));
    file.raw(
        "gemma3.attention.sliding_window_pattern",
        joined(ints(GgufBytes.ARRAY, BOOL), longs(2), one, one));
    assertRefused(file, "sliding_window_pattern is an array of 2 BOOL");
  }

  @Test
  void numbersMayStandOnceForEachLayerIfTheyAreTheSame() {
    String key = "llama.feed_forward_length";
    GgufBytes file = GgufBytes.llama("llama").set(key, INT32, 4, 4);
    assertThat(config(file).get("intermediate_size").intValue()).isEqualTo(4);
    assertRefused(file.set(key, INT32, 4, 5), key + " is an array of 2 INT32; it must be one");
    file.raw(key, joined(ints(GgufBytes.ARRAY, UINT32), longs(0)));
    assertRefused(file, key + " is an array of 0 UINT32; it must hold a number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"block_count", "context_length", "attention.head_count"})
  void whatIsMissingIsNamed(String key) {
    assertRefused(
        GgufBytes.llama("llama").without("llama." + key),
        "llama." + key + " is missing; it must be given");
  }

  @Test
  void whatChangesTheModelIsRefused() {
    assertRefused(
        GgufBytes.llama("llama").set("llama.expert_count", 8),
        "llama.expert_count is 8; it must be 0");
    assertRefused(
        GgufBytes.llama("llama").set("llama.attention.causal", false),
        "llama.attention.causal is false; it must be true");
    assertRefused(wide().set("llama.attention.value_length", 8), "must be that of the keys, 16");
    assertRefused(
        GgufBytes.llama("llama").set("llama.attention.head_count", 0), "must be at least 1");
    assertRefused(GgufBytes.llama("smollm3").set("smollm3.block_count", 99), "at most the number");
    assertRefused(
        GgufBytes.llama("command-r"),
        "general.architecture is 'command-r'; it must be one of gemma2, ");
  }

  @Test
  void tensorsOfOtherModelsAreRefused() {
    for (String name :
        new String[] {
          "blk.0.ffn_gate_inp.weight", "cls.weight", "blk.x.weight", "blk.00.attn_q.weight"
        }) {
      GgufFolder folder = folder(GgufBytes.llama("llama").tensor(name, ramp(8), 8));
      assertThatThrownBy(folder::openWeights)
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("tensor " + name + " is none of a model of architecture llama");
    }
  }

  @Test
  void tensorsHaveTheNamesOfTheModel() {
    try (TensorFile weights = folder(GgufBytes.llama("gemma2")).openWeights()) {
      assertThat(weights.tensors())
          .containsKeys(
              "model.embed_tokens.weight",
              "model.norm.weight",
              "model.layers.0.input_layernorm.weight",
              "model.layers.0.pre_feedforward_layernorm.weight",
              "model.layers.0.self_attn.q_proj.weight",
              "model.layers.0.mlp.down_proj.weight");
    }
  }

  @Test
  void rowsThatAreNoHeadsAreRefused() {
    GgufFolder folder = folder(GgufBytes.llama("llama").set("llama.attention.head_count", 3));
    assertThatThrownBy(folder::openWeights)
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("blk.0.attn_q.weight has 8 rows; they must be a multiple of 6");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linear | {'rope_type': 'linear', 'factor': 2.0}",
        "yarn   | {'rope_type': 'yarn', 'factor': 2.0, 'original_max_position_embeddings': 32}",
        "none   | null",
      })
  void scalingIsSaid(String type, String expected) {
    GgufBytes file =
        wide()
            .set("llama.rope.scaling.type", type)
            .set("llama.rope.scaling.factor", 2f)
            .set("llama.rope.scaling.original_context_length", 32);
    JsonNode scaling = config(file).get("rope_scaling");
    assertThat(scaling == null ? json("null") : scaling)
        .isEqualTo(json(expected.replace('\'', '"')));
  }

  @Test
  void olderFilesSayLinearScalingByAnotherKey() {
    assertThat(config(wide().set("llama.rope.scale_linear", 4f)).get("rope_scaling"))
        .isEqualTo(json("{\"rope_type\": \"linear\", \"factor\": 4.0}"));
  }

  @Test
  void unknownScalingIsRefused() {
    assertRefused(
        wide().set("llama.rope.scaling.type", "dynamic"),
        "llama.rope.scaling.type is 'dynamic'; it must be none, linear, yarn or longrope");
    assertRefused(
        wide().set("llama.rope.scaling.type", "linear"),
        "llama.rope.scaling.factor is missing; it must be given");
  }

  /**
   * The divisors that the converter writes for Llama 3.1, whose theta is 500,000; it computes them
   * in float32, so the last digits may differ.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1, 1 + 5e-5, 1 - 5e-5})
  void theDivisorsOfLlama3AreRecognised(double rounding) {
    float[] divisors = {1, 1, 1, 1, (float) (llama3Divisor(4) * rounding), 8, 8, 8};
    JsonNode scaling = config(wide().tensor("rope_freqs.weight", divisors, 8)).get("rope_scaling");
    assertThat(scaling)
        .isEqualTo(
            json(
                """
                {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                 "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
                """));
  }

  /** By the formula of the Llama 3.1 report, at a frequency between the bands. */
  private static double llama3Divisor(int pair) {
    double wave = 2 * Math.PI * Math.pow(500_000, pair / 8.0);
    double smooth = (8192 / wave - 1) / 3;
    return 1 / ((1 - smooth) / 8 + smooth);
  }

  @Test
  void otherDivisorsAreSaidOneByOne() {
    float[] divisors = {1, 1, 1, 1, 1, 1.1f, 2, 8};
    JsonNode config = config(wide().tensor("rope_freqs.weight", divisors, 8));
    assertThat(config.get("rope_scaling"))
        .isEqualTo(
            json(
                """
                {"rope_type": "longrope", "original_max_position_embeddings": 64,
                 "short_factor": [1.0, 1.0, 1.0, 1.0, 1.0, 1.1, 2.0, 8.0],
                 "long_factor": [1.0, 1.0, 1.0, 1.0, 1.0, 1.1, 2.0, 8.0],
                 "attention_factor": 1.0}
                """));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1 + 2e-4, 1 - 2e-4})
  void divisorsThatAreOnlyLikeThoseOfLlama3AreSaidOneByOne(double change) {
    float[] divisors = {1, 1, 1, 1, (float) (llama3Divisor(4) * change), 8, 8, 8};
    JsonNode config = config(wide().tensor("rope_freqs.weight", divisors, 8));
    assertThat(config.get("rope_scaling").get("rope_type").asText()).isEqualTo("longrope");
  }

  @Test
  void divisorsOfOneAreNone() {
    float[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
    assertThat(config(wide().tensor("rope_freqs.weight", ones, 8)).has("rope_scaling")).isFalse();
  }

  @Test
  void divisorsThatDoNotFitAreRefused() {
    assertRefused(
        wide().tensor("rope_freqs.weight", ramp(4), 4),
        "tensor rope_freqs.weight is F32 [4]; it must be F32 and have 8 elements");
    assertRefused(
        wide().tensor("rope_factors_long.weight", ramp(8), 8),
        "tensor rope_factors_short.weight is missing; it must be given where the other one is");
    assertRefused(
        wide().set("llama.rope.scaling.type", "yarn").tensor("rope_freqs.weight", ramp(8), 8),
        "it must be none beside rope_freqs.weight");
  }

  @Test
  void ofAHeadAPartMayBeTurned() {
    GgufBytes file = GgufBytes.llama("phi3").set("phi3.rope.dimension_count", 2);
    assertThat(config(file).get("partial_rotary_factor").doubleValue()).isEqualTo(0.5);
    for (int width = 2; width < 300; width += 2) {
      for (int part = 2; part <= width; part += 2) {
        assertThat((int) (width * RopeConfig.share(part, width))).isEqualTo(part);
      }
    }
  }

  @Test
  void endsOfTextsTurnsAndMessagesAllEnd() {
    GgufBytes file = GgufBytes.llama("llama").set("tokenizer.ggml.eot_token_id", 2);
    assertThat(folder(file).json("generation_config.json").json())
        .isEqualTo(json("{\"eos_token_id\": [3, 2]}"));
    file.without("tokenizer.ggml.eos_token_id").without("tokenizer.ggml.eot_token_id");
    assertThat(folder(file).json("generation_config.json").json()).isEmpty();
  }
}
