// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.gguf.Architecture.Layout;
import dev.w2s.model.gguf.Architecture.Names;
import java.util.List;
import java.util.Map;

/**
 * The architectures that are read. Names of tensors are those of {@code gguf/tensor_mapping.py} of
 * llama.cpp, layouts those of its converters ({@code conversion/}).
 */
final class Architectures {
  private static final String KEY = "general.architecture";

  private static final Names LLAMA =
      new Names(
          "model.layers.",
          Map.of(
              "token_embd", "model.embed_tokens", "output_norm", "model.norm", "output", "lm_head"),
          Map.ofEntries(
              Map.entry("attn_norm", "input_layernorm"),
              Map.entry("attn_q", "self_attn.q_proj"),
              Map.entry("attn_k", "self_attn.k_proj"),
              Map.entry("attn_v", "self_attn.v_proj"),
              Map.entry("attn_output", "self_attn.o_proj"),
              Map.entry("ffn_norm", "post_attention_layernorm"),
              Map.entry("ffn_gate", "mlp.gate_proj"),
              Map.entry("ffn_up", "mlp.up_proj"),
              Map.entry("ffn_down", "mlp.down_proj")));

  private static final Names WITH_HEAD_NORMS =
      LLAMA.withLayer("attn_q_norm", "self_attn.q_norm", "attn_k_norm", "self_attn.k_norm");

  private static final Names GEMMA2 =
      LLAMA.withLayer(
          "post_attention_norm", "post_attention_layernorm",
          "ffn_norm", "pre_feedforward_layernorm",
          "post_ffw_norm", "post_feedforward_layernorm");

  private static final Names GEMMA3 =
      GEMMA2.withLayer("attn_q_norm", "self_attn.q_norm", "attn_k_norm", "self_attn.k_norm");

  private static final Names OLMO2 =
      WITH_HEAD_NORMS
          .withoutLayer("attn_norm", "ffn_norm")
          .withLayer(
              "post_attention_norm", "post_attention_layernorm",
              "post_ffw_norm", "post_feedforward_layernorm");

  private static final Names PHI3 =
      LLAMA
          .withoutLayer("attn_q", "attn_k", "attn_v", "ffn_gate")
          .withLayer("attn_qkv", "self_attn.qkv_proj", "ffn_up", "mlp.gate_up_proj");

  private static final Names GPT2 =
      new Names(
          "transformer.h.",
          Map.of(
              "token_embd", "transformer.wte",
              "position_embd", "transformer.wpe",
              "output_norm", "transformer.ln_f",
              "output", "lm_head"),
          Map.of(
              "attn_norm", "ln_1",
              "attn_qkv", "attn.c_attn",
              "attn_output", "attn.c_proj",
              "ffn_norm", "ln_2",
              "ffn_up", "mlp.c_fc",
              "ffn_down", "mlp.c_proj"));

  private static final Names GPT_NEOX =
      new Names(
          "gpt_neox.layers.",
          Map.of(
              "token_embd", "gpt_neox.embed_in",
              "output_norm", "gpt_neox.final_layer_norm",
              "output", "embed_out"),
          Map.of(
              "attn_norm", "input_layernorm",
              "attn_qkv", "attention.query_key_value",
              "attn_output", "attention.dense",
              "ffn_norm", "post_attention_layernorm",
              "ffn_up", "mlp.dense_h_to_4h",
              "ffn_down", "mlp.dense_4h_to_h"));

  private static final List<Architecture> ALL =
      List.of(
          new Architecture("gemma2", GEMMA2, Layout.SAME, -1, FamilyConfigs::gemma2),
          new Architecture("gemma3", GEMMA3, Layout.SAME, -1, FamilyConfigs::gemma3),
          new Architecture("gpt2", GPT2, Layout.TRANSPOSED, 0, FamilyConfigs::gpt2),
          new Architecture("gptneox", GPT_NEOX, Layout.PARTS, 0, FamilyConfigs::gptNeox),
          new Architecture("granite", LLAMA, Layout.ROTARY_PAIRS, 0, FamilyConfigs::granite),
          new Architecture("llama", LLAMA, Layout.ROTARY_PAIRS, 0, FamilyConfigs::llama),
          new Architecture("olmo2", OLMO2, Layout.SAME, 0, FamilyConfigs::olmo2),
          new Architecture("phi3", PHI3, Layout.SAME, 0, FamilyConfigs::phi3),
          new Architecture("qwen2", LLAMA, Layout.SAME, 0, FamilyConfigs::qwen2),
          new Architecture("qwen3", WITH_HEAD_NORMS, Layout.SAME, 0, FamilyConfigs::qwen3),
          new Architecture("smollm3", LLAMA, Layout.ROTARY_PAIRS, 0, FamilyConfigs::smollm3));

  private Architectures() {}

  /**
   * The architecture of a file.
   *
   * @throws InvalidModelException if the file names none, or one that is not read
   */
  static Architecture of(GgufMetadata metadata) {
    String name = metadata.requiredText(KEY);
    return ALL.stream()
        .filter(architecture -> architecture.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> metadata.invalid(KEY, "must be one of " + String.join(", ", supported())));
  }

  static List<String> supported() {
    return ALL.stream().map(Architecture::name).toList();
  }
}
