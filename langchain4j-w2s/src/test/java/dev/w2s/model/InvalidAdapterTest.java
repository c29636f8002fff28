// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.Safetensors.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters with one thing wrong: the error names the file, the value and the rule. */
class InvalidAdapterTest {
  private static final String QUERY = "base_model.model.model.layers.0.self_attn.q_proj.";

  @TempDir private Path directory;

  private AdapterDirectory adapter;

  @BeforeEach
  void copyAnAdapter() {
    adapter = AdapterDirectory.copyOf("llama-qv", directory);
  }

  private void assertRefused(String file, String... message) {
    assertThatThrownBy(() -> ModelFiles.read(adapter.reference()).close())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(adapter.path().resolve(file).toString())
        .hasMessageContainingAll(message);
    assertThat(new ModelDirectory(adapter.path()).openFiles()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "peft_type | \"IA3\" | peft_type is \"IA3\"; it must be LORA",
        "peft_type | null | peft_type is null; it must be LORA",
        "task_type | \"SEQ_2_SEQ_LM\" | task_type is \"SEQ_2_SEQ_LM\"; it must be CAUSAL_LM",
        "r | 0 | r is 0; it must be a whole number from 1",
        "r | 1000000 | r is 1000000; it must be",
        "r | \"8\" | r is \"8\"; it must be",
        "lora_alpha | 0 | lora_alpha is 0; it must be a finite number above 0",
        "lora_alpha | 1e999 | lora_alpha is",
        "use_rslora | 1 | use_rslora is 1; it must be true or false",
        "use_dora | true | use_dora is true; it must be unset: it is not supported",
        "lora_bias | true | lora_bias is true; it must be unset",
        "use_qalora | true | use_qalora is true",
        "trainable_token_indices | [1] | trainable_token_indices is [1]",
        "trainable_token_indices | {\"wte\": [1]} | trainable_token_indices is",
        "layer_replication | [[0, 2], [1, 3]] | layer_replication is [[0,2],[1,3]]",
        "target_parameters | [\"x\"] | target_parameters is",
        "alora_invocation_tokens | [1] | alora_invocation_tokens is",
        "use_bdlora | {\"nblocks\": 2} | use_bdlora is",
        "init_lora_weights | \"pissa\" | init_lora_weights is \"pissa\"; it must leave the base's",
        "init_lora_weights | \"loftq\" | init_lora_weights is \"loftq\"",
        "init_lora_weights | 7 | init_lora_weights is 7",
        "rank_pattern | [] | rank_pattern is []; it must be an object",
        "rank_pattern | {\"q_proj\": -1} | q_proj is -1; it must be a whole number",
        "rank_pattern | {\"(q_proj\": 3} | rank_pattern is {\"(q_proj\":3}; it must have regular",
        "alpha_pattern | {\"q_proj\": \"a\"} | alpha_pattern.q_proj is \"a\"; it must be",
        "alpha_pattern | {\".*.*.*.*.*.*.*.*.*.*-\": 1} | takes too long to match",
        "target_modules | [1] | target_modules is [1]; it must hold names of modules",
        "base_model_name_or_path | \"no-such-model\" | 'no-such-model'; there is no such",
        "base_model_name_or_path | \"../../../none\" | give the base as the untuned model",
        "base_model_name_or_path | \"a\\u0000b\" | base_model_name_or_path is no path",
        "base_model_name_or_path | null | names no base_model_name_or_path",
        "base_model_name_or_path | 5 | base_model_name_or_path is 5; it must be a string",
      })
  void aKeyOfTheConfigIsRefused(String key, String value, String message) {
    adapter.config(key, value);
    assertRefused(AdapterDirectory.CONFIG, message);
  }

  /** What only training looks at, and what says nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "lora_dropout | \"whatever\"",
        "init_lora_weights | \"gaussian\"",
        "init_lora_weights | false",
        "use_dora | false",
        "use_dora | null",
        "trainable_token_indices | []",
        "layer_replication | null",
        "target_modules | \".*[qv]_proj\"",
        "target_modules | \"(?P<unreadable>.*)\"",
        "target_modules | [\"q_proj\", \"v_proj\", \"query_key_value\"]",
        "exclude_modules | [\"k_proj\"]",
        "exclude_modules | \".*k_proj\"",
        "bias | \"lora_only\"",
        "task_type | null",
        "modules_to_save | [\"classifier\"]",
        "some_new_key | {\"a\": 1}",
      })
  void aKeyOfTheConfigIsAllowed(String key, String value) {
    adapter.config(key, value);
    ModelFiles.read(adapter.reference()).close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r | 4 | lora_A.weight has shape [3, 36]; adapter_config.json and the base ask for [4, 36]",
        "rank_pattern | {\"v_proj\": 2} | v_proj.lora_A.weight has shape [3, 36]",
        "target_modules | [\"q_proj\", \"k_proj\"] | has no tensors for model.layers.0.self_attn.k",
        "modules_to_save | [\"lm_head\"] | has no tensors for lm_head, which adapter_config.json",
        "task_type | \"SEQ_CLS\" | holds no score.weight, which a classifier over a language model",
      })
  void theConfigAsksForWhatTheFileDoesNotHold(String key, String value, String message) {
    adapter.config(key, value);
    assertRefused(AdapterDirectory.WEIGHTS, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lora_B.weight | | model.layers.0.self_attn.q_proj has lora_A and no lora_B",
        "lora_A.weight | | model.layers.0.self_attn.q_proj has lora_B and no lora_A",
        "lora_B.weight | 35,3 | lora_B.weight has shape [35, 3]",
        "lora_A.weight | 0,36 | lora_A.weight has shape [0, 36]",
        "lora_A.weight | 3 | lora_A.weight has shape [3]",
        "lora_magnitude_vector | 36 | lora_magnitude_vector is no part of a LoRA adapter of this",
        "lora_B.bias | 36 | lora_B.bias is no part of a LoRA adapter",
        "base_layer.bias | 36 | base_layer.bias is no part of a LoRA adapter",
        "weight | 36,36 | q_proj.weight is a whole weight; those of token embedding and head may",
        "lora_embedding_A | 3,36 | lora_embedding_A is of the wrong kind",
        "lora_A.other.weight | 3,36 | are both the DOWN of model.layers.0.self_attn.q_proj",
        "lora_C.weight | 3,3 | lora_C.weight is no part of a LoRA adapter",
      })
  void aTensorOfAModuleIsRefused(String name, String shape, String message) {
    adapter.weights(
        w -> shape == null ? w.without(QUERY + name) : w.with(QUERY + name, zeros(shape)));
    assertRefused(AdapterDirectory.WEIGHTS, message);
  }

  private static Tensor zeros(String shape) {
    return Tensor.zeros(
        Arrays.stream(shape.split(",", -1)).map(Long::valueOf).toArray(Long[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base_model.model.model.layers.9.self_attn.q_proj.lora_A.weight | 3,36",
        "base_model.model.model.layers.0.self_attn.qq_proj.lora_A.weight | 3,36",
        "base_model.model.model.norm.weight | 36",
        "base_model.model.score.weight | 1,36",
        "elsewhere | 1",
      })
  void aTensorOfNoModuleIsRefused(String name, String shape) {
    adapter.weights(w -> w.with(name, zeros(shape)));
    assertRefused(AdapterDirectory.WEIGHTS, "tensor " + name + " is no part of a LoRA adapter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base_model.model.lm_head.weight | 304,35 | has shape [304, 35]; the base asks for [304",
        "base_model.model.lm_head.weight | 304 | has shape [304]",
        "base_model.model.lm_head.weight | 310,36 | an embedding of 304 tokens and a head of 310",
      })
  void aHeadThatDoesNotFitIsRefused(String name, String shape, String message) {
    adapter.weights(w -> w.with(name, zeros(shape)));
    assertRefused(AdapterDirectory.WEIGHTS, message);
  }

  @Test
  void typesMustBeFloats() {
    adapter.weights(
        w ->
            w.with(
                QUERY + "lora_A.weight", new Tensor("I32", zeros("3,36").shape(), new byte[432])));
    assertRefused(AdapterDirectory.WEIGHTS, "is of type I32; it must be F32, F16 or BF16");
  }

  @Test
  void filesAreMissingOrEmpty() {
    adapter.write(AdapterDirectory.WEIGHTS, new byte[3]);
    assertRefused(AdapterDirectory.WEIGHTS, "has 3 bytes");
    adapter.delete(AdapterDirectory.WEIGHTS);
    assertRefused(AdapterDirectory.WEIGHTS, "no such file");
    adapter.write("adapter_model.bin", new byte[] {1});
    assertRefused(AdapterDirectory.WEIGHTS, "adapter_model.bin is a pickle");
    adapter.write(AdapterDirectory.CONFIG, "[]".getBytes(UTF_8));
    assertRefused(AdapterDirectory.CONFIG, "not a JSON object");
  }

  @Test
  void anAdapterOfAnAdapterIsRefused() {
    AdapterDirectory other = AdapterDirectory.copyOf("llama-rslora", directory);
    adapter.config("base_model_name_or_path", "\"" + other.reference() + "\"");
    assertThatThrownBy(() -> ModelFiles.read(adapter.reference()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith(other.reference())
        .hasMessageContaining("is an adapter itself");
    adapter.config("base_model_name_or_path", "\".\"");
    assertThatThrownBy(() -> ModelFiles.read(adapter.reference()))
        .hasMessageContaining("is an adapter itself");
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() {
    try (ModelFiles other = ModelFiles.read(Golden.reference("gpt2-odd"))) {
      assertThatThrownBy(() -> ModelFiles.read(adapter.reference(), other))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("is no part of a LoRA adapter of this gpt2 model");
    }
    try (ModelFiles other = ModelFiles.read(Golden.reference("llama-tied-bf16"))) {
      assertThatThrownBy(() -> ModelFiles.read(adapter.reference(), other))
          .hasMessageContaining("layers.2.self_attn.q_proj.lora_A.weight is no part");
    }
  }

  /** A language model is wanted, an adapter makes a reward model; and the other way round. */
  @Test
  void theKindIsKnownFromTheConfigAlone() {
    String reward = Golden.adapter("llama-reward").toString();
    assertThat(Kind.of(reward)).isEqualTo(Kind.CLASSIFIER);
    assertThat(Kind.of(adapter.reference())).isEqualTo(Kind.LANGUAGE_MODEL);
    adapter.config("task_type", null);
    assertThat(Kind.of(adapter.reference())).isEqualTo(Kind.LANGUAGE_MODEL);
    assertThatThrownBy(() -> CausalModel.load(reward))
        .hasMessageContaining("is a sequence classifier; a language model is needed here");
    adapter.config("task_type", "\"CAUSAL_LM\"");
    try (ModelFiles judge = ModelFiles.read(Golden.reference("llama-classifier"))) {
      assertThatThrownBy(() -> ModelFiles.read(adapter.reference(), judge))
          .isInstanceOf(InvalidModelException.class);
    }
  }
}
