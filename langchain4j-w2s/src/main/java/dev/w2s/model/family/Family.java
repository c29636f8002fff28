// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.List;
import java.util.Map;

/**
 * The facts of a model family: how its config names things, what its layers are made of and what
 * its weights are called. A new family is a new constant here; no code path belongs to one family.
 *
 * @param modelType {@code model_type} in the config
 * @param languageModel the architecture with a language model head
 * @param classifier the architecture with a sequence classification head
 * @param keys where the config keeps the sizes
 * @param rmsNorm root-mean-square norm instead of layer norm
 * @param rotary rotary positions instead of learned ones
 * @param gated gated feed-forward
 * @param transposed weights stored input-first (GPT-2's Conv1D)
 * @param biased attention and feed-forward have biases unless the config says otherwise
 * @param tied the head is the token embedding unless the config says otherwise
 * @param names what the weights are called
 * @param mustBe config values that change the architecture into one that is not supported
 */
record Family(
    String modelType,
    String languageModel,
    String classifier,
    Keys keys,
    boolean rmsNorm,
    boolean rotary,
    boolean gated,
    boolean transposed,
    boolean biased,
    boolean tied,
    Names names,
    Map<String, Boolean> mustBe) {

  /** Radford et al. 2019; {@code transformers/models/gpt2}. */
  static final Family GPT2 =
      new Family(
          "gpt2",
          "GPT2LMHeadModel",
          "GPT2ForSequenceClassification",
          new Keys(
              "n_embd",
              "n_layer",
              "n_head",
              "n_head",
              "n_inner",
              "n_positions",
              "layer_norm_epsilon",
              1e-5,
              "activation_function",
              "gelu_new"),
          /* rmsNorm= */ false,
          /* rotary= */ false,
          /* gated= */ false,
          /* transposed= */ true,
          /* biased= */ true,
          /* tied= */ true,
          new Names(
              "transformer.",
              "wte.weight",
              "wpe.weight",
              "ln_f",
              "h.",
              "ln_1",
              List.of("attn.c_attn"),
              "attn.c_proj",
              "ln_2",
              List.of("mlp.c_fc"),
              "mlp.c_proj",
              "(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias"),
          Map.of("add_cross_attention", false));

  /** Touvron et al. 2023; {@code transformers/models/llama}. */
  static final Family LLAMA =
      new Family(
          "llama",
          "LlamaForCausalLM",
          "LlamaForSequenceClassification",
          new Keys(
              "hidden_size",
              "num_hidden_layers",
              "num_attention_heads",
              "num_key_value_heads",
              "intermediate_size",
              "max_position_embeddings",
              "rms_norm_eps",
              1e-6,
              "hidden_act",
              "silu"),
          /* rmsNorm= */ true,
          /* rotary= */ true,
          /* gated= */ true,
          /* transposed= */ false,
          /* biased= */ false,
          /* tied= */ false,
          new Names(
              "model.",
              "embed_tokens.weight",
              "",
              "norm",
              "layers.",
              "input_layernorm",
              List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
              "self_attn.o_proj",
              "post_attention_layernorm",
              List.of("mlp.gate_proj", "mlp.up_proj"),
              "mlp.down_proj",
              "model\\.layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq"),
          Map.of());

  static final List<Family> ALL = List.of(GPT2, LLAMA);

  /** Keys of the sizes in {@code config.json}. */
  record Keys(
      String width,
      String layers,
      String heads,
      String kvHeads,
      String feedForward,
      String positions,
      String epsilon,
      double defaultEpsilon,
      String activation,
      String defaultActivation) {}

  /**
   * Names of the weights; those of a layer stand below {@code layer + index + "."}. Where several
   * names are given, the weights are joined in that order. {@code ignored} is a pattern of buffers
   * that old checkpoints carry and nobody needs.
   */
  record Names(
      String prefix,
      String tokenEmbedding,
      String positionEmbedding,
      String finalNorm,
      String layer,
      String attentionNorm,
      List<String> qkv,
      String attentionOutput,
      String feedForwardNorm,
      List<String> up,
      String down,
      String ignored) {}
}
