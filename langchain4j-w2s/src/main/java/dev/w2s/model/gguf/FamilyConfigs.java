// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import org.jspecify.annotations.Nullable;

/**
 * What the configs of the families say, by the keys of transformers. What no GGUF file says is what
 * llama.cpp's graphs take for granted ({@code src/models} there).
 */
final class FamilyConfigs {
  private static final String WINDOW = "attention.sliding_window";
  private static final String WINDOW_PATTERN = "attention.sliding_window_pattern";

  /** Layers whose queries are scaled by the width, not by that of a head: 27B of both. */
  private static final int GEMMA2_27B = 46;

  private static final int GEMMA3_27B = 62;

  private FamilyConfigs() {}

  /** Llama, and Mistral where it says a window. */
  static void llama(ConfigWriter config) {
    Integer window = window(config);
    if (window == null) {
      config.type("llama", "LlamaForCausalLM");
    } else {
      config.type("mistral", "MistralForCausalLM").put("sliding_window", window);
    }
    biases(config.llamaLike());
    RopeConfig.write(config);
  }

  private static void biases(ConfigWriter config) {
    config.put("attention_bias", config.has("blk.0.attn_q.bias"));
    config.put("mlp_bias", config.has("blk.0.ffn_up.bias"));
  }

  static void qwen2(ConfigWriter config) {
    RopeConfig.write(config.type("qwen2", "Qwen2ForCausalLM").llamaLike());
  }

  static void qwen3(ConfigWriter config) {
    RopeConfig.write(config.type("qwen3", "Qwen3ForCausalLM").llamaLike());
    config.put("attention_bias", config.has("blk.0.attn_q.bias"));
  }

  /** Every fourth layer has no rotary positions. */
  static void smollm3(ConfigWriter config) {
    biases(config.type("smollm3", "SmolLM3ForCausalLM").llamaLike());
    RopeConfig.write(config);
    ArrayNode rotary = config.array("no_rope_layers");
    for (int layer = 1; layer <= config.layers(); layer++) {
      rotary.add(layer % 4 == 0 ? 0 : 1);
    }
  }

  static void granite(ConfigWriter config) {
    biases(config.type("granite", "GraniteForCausalLM").llamaLike());
    RopeConfig.write(config);
    config
        .number("attention_multiplier", "attention.scale")
        .number("embedding_multiplier", "embedding_scale")
        .number("residual_multiplier", "residual_scale")
        .number("logits_scaling", "logit_scale");
  }

  /** OLMo 2, and OLMo 3 where it says a window. */
  static void olmo2(ConfigWriter config) {
    Integer window = window(config);
    if (window == null) {
      config.type("olmo2", "Olmo2ForCausalLM");
    } else {
      config.type("olmo3", "Olmo3ForCausalLM").put("sliding_window", window);
      layerTypes(config, 4);
    }
    RopeConfig.write(config.llamaLike());
    config.put("attention_bias", config.has("blk.0.attn_q.bias"));
  }

  static void gemma2(ConfigWriter config) {
    gemma(config.type("gemma2", "Gemma2ForCausalLM").llamaLike(), GEMMA2_27B, 2);
    config
        .number("attn_logit_softcapping", "attn_logit_softcapping")
        .number("final_logit_softcapping", "final_logit_softcapping");
    RopeConfig.write(config);
  }

  static void gemma3(ConfigWriter config) {
    gemma(config.type("gemma3_text", "Gemma3ForCausalLM").llamaLike(), GEMMA3_27B, 6);
    Double base = config.parameters().number("rope.freq_base_swa");
    config
        .number("final_logit_softcapping", "final_logit_softcapping")
        .put("rope_local_base_freq", base == null ? 10_000 : base);
    RopeConfig.write(config);
  }

  private static void gemma(ConfigWriter config, int wide, int period) {
    int width = config.parameters().requiredInteger("embedding_length");
    boolean byWidth = config.layers() == wide;
    config
        .put("hidden_activation", "gelu_pytorch_tanh")
        .put(
            "query_pre_attn_scalar",
            byWidth ? width / config.parameters().heads() : config.headDim())
        .required("sliding_window", WINDOW);
    layerTypes(config, period);
  }

  /** Local layers, and a global one at the end of every period; as the file says where it does. */
  private static void layerTypes(ConfigWriter config, int period) {
    Hyperparameters parameters = config.parameters();
    String key = parameters.key(WINDOW_PATTERN);
    boolean listed = parameters.metadata().values().get(key) instanceof GgufArray;
    GgufArray local = listed ? parameters.metadata().array(key) : null;
    if (local != null && local.size() != config.layers()) {
      throw parameters.metadata().invalid(key, "must have one element for each layer");
    }
    Integer said = listed ? null : parameters.metadata().integer(key);
    int every = said == null || said == 0 ? period : said;
    ArrayNode types = config.array("layer_types");
    for (int layer = 0; layer < config.layers(); layer++) {
      boolean sliding =
          local == null ? (layer + 1) % every != 0 : Boolean.TRUE.equals(local.get(layer));
      types.add(sliding ? "sliding_attention" : "full_attention");
    }
  }

  static void phi3(ConfigWriter config) {
    config.type("phi3", "Phi3ForCausalLM").llamaLike();
    Integer window = window(config);
    if (window != null) {
      config.put("sliding_window", window);
    }
    RopeConfig.write(config);
  }

  /** The width of a window; 0 says that there is none. */
  private static @Nullable Integer window(ConfigWriter config) {
    Integer window = config.parameters().integer(WINDOW);
    return window == null || window == 0 ? null : window;
  }

  static void gpt2(ConfigWriter config) {
    config
        .type("gpt2", "GPT2LMHeadModel")
        .put("activation_function", "gelu_new")
        .required("n_embd", "embedding_length")
        .required("n_layer", "block_count")
        .required("n_head", Hyperparameters.HEADS)
        .required("n_positions", "context_length")
        .required("n_inner", "feed_forward_length")
        .number("layer_norm_epsilon", "attention.layer_norm_epsilon");
  }

  static void gptNeox(ConfigWriter config) {
    Hyperparameters parameters = config.parameters();
    Integer rotary = parameters.integer("rope.dimension_count");
    boolean parallel = parameters.metadata().flag(parameters.key("use_parallel_residual"), true);
    config
        .type("gpt_neox", "GPTNeoXForCausalLM")
        .put("hidden_act", "gelu")
        .required("hidden_size", "embedding_length")
        .required("num_hidden_layers", "block_count")
        .required("num_attention_heads", Hyperparameters.HEADS)
        .required("intermediate_size", "feed_forward_length")
        .required("max_position_embeddings", "context_length")
        .number("layer_norm_eps", "attention.layer_norm_epsilon")
        .put("use_parallel_residual", parallel)
        .put("attention_bias", config.has("blk.0.attn_qkv.bias"))
        .put("rotary_pct", rotary == null ? 1 : RopeConfig.share(rotary, config.headDim()))
        .number("rotary_emb_base", "rope.freq_base");
  }
}
