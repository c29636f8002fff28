// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import dev.w2s.model.family.Family.Norm;
import dev.w2s.model.family.Family.QueryKeyNorm;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import java.util.List;

/**
 * The supported families. A new one is a new constant here, which says what Llama is not. The
 * reference for every fact is {@code transformers/models/MODEL_TYPE}.
 */
public final class Families {
  /** Radford et al. 2019. */
  private static final Family GPT2 =
      Family.llamaLike("gpt2", "GPT2")
          .covers("GPT-2, DistilGPT2")
          .architectures("GPT2LMHeadModel", "GPT2ForSequenceClassification")
          .key(Key.WIDTH, "n_embd", null)
          .key(Key.LAYERS, "n_layer", null)
          .key(Key.HEADS, "n_head", null)
          .key(Key.FEED_FORWARD, "n_inner", null)
          .key(Key.POSITIONS, "n_positions", null)
          .key(Key.EPSILON, "layer_norm_epsilon", 1e-5)
          .key(Key.ACTIVATION, "activation_function", "gelu_new")
          .key(Key.SCALED, "scale_attn_weights", true)
          .key(Key.SCALED_BY_LAYER, "scale_attn_by_inverse_layer_idx", false)
          .key(Key.TIED, "tie_word_embeddings", true)
          .without(Key.KV_HEADS, Key.HEAD_DIM)
          .always(Key.ATTENTION_BIAS, true)
          .always(Key.FEED_FORWARD_BIAS, true)
          .mustBe("add_cross_attention", false)
          .norm(Norm.LAYER)
          .learnedPositions()
          .ungated()
          .prefix("transformer.")
          .layer("h.")
          .weight(WeightName.TOKEN_EMBEDDING, "wte")
          .weight(WeightName.POSITION_EMBEDDING, "wpe")
          .weight(WeightName.FINAL_NORM, "ln_f")
          .weight(WeightName.ATTENTION_NORM, "ln_1")
          .weight(WeightName.QKV, "attn.c_attn")
          .weight(WeightName.ATTENTION_OUTPUT, "attn.c_proj")
          .weight(WeightName.FEED_FORWARD_NORM, "ln_2")
          .weight(WeightName.UP, "mlp.c_fc")
          .weight(WeightName.DOWN, "mlp.c_proj")
          .transposed()
          .ignored("(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias")
          .build();

  /** Touvron et al. 2023. */
  private static final Family LLAMA =
      Family.llamaLike("llama", "Llama")
          .covers("Llama 1, 2 and 3.x, SmolLM, SmolLM2, TinyLlama, Tulu, Vicuna")
          .build();

  private static final Family SMOLLM3 =
      Family.llamaLike("smollm3", "SmolLM3")
          .covers("SmolLM3")
          .key(Key.KV_HEADS, "num_key_value_heads", 4)
          .key(Key.TIED, "tie_word_embeddings", true)
          .key(Key.THETA, "rope_theta", 2_000_000.0)
          .key(Key.ROTARY_LAYERS, "no_rope_layers", null)
          .key(Key.NO_ROTARY_PATTERN, "no_rope_layer_interval", 4)
          .key(Key.WINDOWED, "use_sliding_window", false)
          .key(Key.WINDOW, "sliding_window", null)
          .key(Key.LAYER_TYPES, "layer_types", null)
          .always(Key.WINDOWED_WITH_ROTARY, false)
          .build();

  /** Jiang et al. 2023. */
  private static final Family MISTRAL =
      mistral("mistral", "Mistral").covers("Mistral 7B, Zephyr, Starling, OpenChat 3.5").build();

  private static final Family MINISTRAL =
      mistral("ministral", "Ministral")
          .covers("Ministral 8B")
          .key(Key.LAYER_TYPES, "layer_types", null)
          .build();

  private static final Family QWEN2 =
      qwen("qwen2", "Qwen2")
          .covers("Qwen1.5, Qwen2 and Qwen2.5")
          .always(Key.ATTENTION_BIAS, true)
          .always(Key.ATTENTION_OUTPUT_BIAS, false)
          .build();

  private static final Family QWEN3 =
      qwen("qwen3", "Qwen3")
          .covers("Qwen3 (dense)")
          .key(Key.HEAD_DIM, "head_dim", 128)
          .queryKeyNorm(QueryKeyNorm.HEADS)
          .build();

  private static final Family OLMO2 = olmo("olmo2", "Olmo2").covers("OLMo 2").build();

  /** Old configs state one theta for all layers, and a scaling for those without a window. */
  private static final Family OLMO3 =
      olmo("olmo3", "Olmo3")
          .covers("OLMo 3")
          .key(Key.THETA, "rope_theta", 500_000.0)
          .key(Key.WINDOW_THETA, "rope_theta", 500_000.0)
          .key(Key.WINDOW, "sliding_window", 4096)
          .key(Key.LAYER_TYPES, "layer_types", null)
          .always(Key.WINDOW_PATTERN, 4)
          .build();

  private static final Family GEMMA2 =
      gemma("gemma2", "Gemma2")
          .covers("Gemma 2")
          .key(Key.ATTENTION_CAP, "attn_logit_softcapping", 50.0)
          .key(Key.LOGIT_CAP, "final_logit_softcapping", 30.0)
          .always(Key.WINDOW_PATTERN, 2)
          .build();

  private static final Family GEMMA3_TEXT =
      gemma3("gemma3_text")
          .covers("Gemma 3 270M and 1B")
          .architectures("Gemma3ForCausalLM", "Gemma3TextForSequenceClassification")
          .build();

  /** The text model within the one that also sees pictures. */
  private static final Family GEMMA3 =
      gemma3("gemma3")
          .covers("Gemma 3 4B and larger, their text part")
          .architectures("Gemma3ForConditionalGeneration", null)
          .inside("text_config")
          .key(Key.VOCABULARY, "vocab_size", 262_208)
          .key(Key.WIDTH, "hidden_size", 2304)
          .key(Key.LAYERS, "num_hidden_layers", 26)
          .key(Key.HEADS, "num_attention_heads", 8)
          .key(Key.FEED_FORWARD, "intermediate_size", 9216)
          .key(Key.POSITIONS, "max_position_embeddings", 131_072)
          .ignored("(model\\.)?(vision_tower|multi_modal_projector)\\..*")
          .build();

  /** Abdin et al. 2024. */
  private static final Family PHI3 =
      Family.llamaLike("phi3", "Phi3")
          .covers("Phi-3 and Phi-3.5 mini and medium, Phi-4, Phi-4 mini")
          .key(Key.EPSILON, "rms_norm_eps", 1e-5)
          .key(Key.ROTARY_SHARE, "partial_rotary_factor", 1.0)
          .key(Key.TRAINED_POSITIONS, "original_max_position_embeddings", 4096)
          .key(Key.WINDOW, "sliding_window", null)
          .always(Key.ATTENTION_BIAS, false)
          .always(Key.FEED_FORWARD_BIAS, false)
          .weight(WeightName.QKV, "self_attn.qkv_proj")
          .weight(WeightName.UP, "mlp.gate_up_proj")
          .build();

  /** Black et al. 2022. */
  private static final Family GPT_NEOX =
      Family.llamaLike("gpt_neox", "GPTNeoX")
          .covers("GPT-NeoX, Pythia, Dolly v2, RedPajama")
          .key(Key.EPSILON, "layer_norm_eps", 1e-5)
          .key(Key.ACTIVATION, "hidden_act", "gelu")
          .key(Key.ATTENTION_BIAS, "attention_bias", true)
          .key(Key.PARALLEL, "use_parallel_residual", true)
          .key(Key.THETA, "rotary_emb_base", 10_000.0)
          .key(Key.ROTARY_SHARE, "rotary_pct", 0.25)
          .always(Key.FEED_FORWARD_BIAS, true)
          .without(Key.KV_HEADS, Key.HEAD_DIM)
          .norm(Norm.LAYER)
          .ungated()
          .interleaved()
          .prefix("gpt_neox.")
          .weight(WeightName.TOKEN_EMBEDDING, "embed_in")
          .weight(WeightName.FINAL_NORM, "final_layer_norm")
          .weight(WeightName.QKV, "attention.query_key_value")
          .weight(WeightName.ATTENTION_OUTPUT, "attention.dense")
          .weight(WeightName.UP, "mlp.dense_h_to_4h")
          .weight(WeightName.DOWN, "mlp.dense_4h_to_h")
          .headNames("embed_out", "lm_head")
          .ignored("(gpt_neox\\.)?layers\\.\\d+\\.attention\\.(masked_)?bias")
          .build();

  /** Shen et al. 2024. */
  private static final Family GRANITE =
      Family.llamaLike("granite", "Granite")
          .covers("Granite 3 (dense)")
          .architectures("GraniteForCausalLM", null)
          .key(Key.EMBEDDING_MULTIPLIER, "embedding_multiplier", 1.0)
          .key(Key.RESIDUAL_MULTIPLIER, "residual_multiplier", 1.0)
          .key(Key.ATTENTION_MULTIPLIER, "attention_multiplier", 1.0)
          .key(Key.LOGIT_DIVISOR, "logits_scaling", 1.0)
          .build();

  private static final List<Family> ALL =
      List.of(
          GPT2,
          LLAMA,
          SMOLLM3,
          MISTRAL,
          MINISTRAL,
          QWEN2,
          QWEN3,
          OLMO2,
          OLMO3,
          GEMMA2,
          GEMMA3_TEXT,
          GEMMA3,
          PHI3,
          GPT_NEOX,
          GRANITE);

  private Families() {}

  private static Family.Builder mistral(String modelType, String architecture) {
    return Family.llamaLike(modelType, architecture)
        .key(Key.KV_HEADS, "num_key_value_heads", 8)
        .key(Key.WINDOW, "sliding_window", 4096)
        .always(Key.ATTENTION_BIAS, false)
        .always(Key.FEED_FORWARD_BIAS, false);
  }

  private static Family.Builder qwen(String modelType, String architecture) {
    return Family.llamaLike(modelType, architecture)
        .key(Key.KV_HEADS, "num_key_value_heads", 32)
        .key(Key.WINDOWED, "use_sliding_window", false)
        .key(Key.WINDOW, "sliding_window", 4096)
        .key(Key.WINDOWED_FROM, "max_window_layers", 28)
        .key(Key.LAYER_TYPES, "layer_types", null)
        .always(Key.FEED_FORWARD_BIAS, false);
  }

  /** Norms stand behind attention and feed-forward layer instead of in front. */
  private static Family.Builder olmo(String modelType, String architecture) {
    return Family.llamaLike(modelType, architecture)
        .key(Key.EPSILON, "rms_norm_eps", 1e-5)
        .always(Key.FEED_FORWARD_BIAS, false)
        .queryKeyNorm(QueryKeyNorm.WHOLE)
        .withoutWeight(WeightName.ATTENTION_NORM)
        .withoutWeight(WeightName.FEED_FORWARD_NORM)
        .weight(WeightName.ATTENTION_OUTPUT_NORM, "post_attention_layernorm")
        .weight(WeightName.FEED_FORWARD_OUTPUT_NORM, "post_feedforward_layernorm");
  }

  /** Norms stand both in front and behind. */
  private static Family.Builder gemma(String modelType, String architecture) {
    return Family.llamaLike(modelType, architecture)
        .key(Key.KV_HEADS, "num_key_value_heads", 4)
        .key(Key.HEAD_DIM, "head_dim", 256)
        .key(Key.ACTIVATION, "hidden_activation", "gelu_pytorch_tanh")
        .key(Key.TIED, "tie_word_embeddings", true)
        .key(Key.QUERY_SCALAR, "query_pre_attn_scalar", 256.0)
        .key(Key.WINDOW, "sliding_window", 4096)
        .key(Key.LAYER_TYPES, "layer_types", null)
        .always(Key.ROOT_OF_WIDTH, true)
        .always(Key.FEED_FORWARD_BIAS, false)
        .mustBe("use_bidirectional_attention", false)
        .norm(Norm.RMS_FROM_ONE)
        .weight(WeightName.ATTENTION_OUTPUT_NORM, "post_attention_layernorm")
        .weight(WeightName.FEED_FORWARD_NORM, "pre_feedforward_layernorm")
        .weight(WeightName.FEED_FORWARD_OUTPUT_NORM, "post_feedforward_layernorm");
  }

  private static Family.Builder gemma3(String modelType) {
    return gemma(modelType, "Gemma3")
        .key(Key.ATTENTION_CAP, "attn_logit_softcapping", null)
        .key(Key.LOGIT_CAP, "final_logit_softcapping", null)
        .key(Key.WINDOW_PATTERN, "sliding_window_pattern", 6)
        .key(Key.THETA, "rope_theta", 1_000_000.0)
        .key(Key.WINDOW_THETA, "rope_local_base_freq", 10_000.0)
        .queryKeyNorm(QueryKeyNorm.HEADS);
  }

  /** All families. */
  static List<Family> all() {
    return ALL;
  }

  /** The supported values of {@code model_type}. */
  public static List<String> supported() {
    return ALL.stream().map(Family::modelType).toList();
  }

  /**
   * Reads what a model is from its {@code config.json}.
   *
   * @throws InvalidModelException if the file is missing or breaks a rule
   */
  public static DecoderConfig read(ModelFolder folder) {
    return read(folder.json("config.json"));
  }

  /**
   * Reads what a model is from its {@code config.json}.
   *
   * @throws InvalidModelException if it breaks a rule
   */
  public static DecoderConfig read(JsonFile config) {
    return ConfigReader.of(config, of(config)).read();
  }

  private static Family of(JsonFile config) {
    String type = config.text("model_type");
    return ALL.stream()
        .filter(family -> family.modelType().equals(type))
        .findFirst()
        .orElseThrow(
            () -> config.invalid("model_type", "must be one of " + String.join(", ", supported())));
  }
}
