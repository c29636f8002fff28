// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import dev.w2s.model.family.Family.Defaults;
import dev.w2s.model.family.Family.Design;
import dev.w2s.model.family.Family.Norm;
import dev.w2s.model.family.Family.Positions;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import java.util.List;

/** The supported families. A new one is a new constant here, which says what Llama is not. */
public final class Families {
  /** Touvron et al. 2023; {@code transformers/models/llama}. */
  private static final Family LLAMA = Family.llamaLike("llama").build();

  /** Radford et al. 2019; {@code transformers/models/gpt2}. */
  private static final Family GPT2 =
      Family.llamaLike("gpt2")
          .architectures("GPT2LMHeadModel", "GPT2ForSequenceClassification")
          .key(Key.WIDTH, "n_embd")
          .key(Key.LAYERS, "n_layer")
          .key(Key.HEADS, "n_head")
          .key(Key.FEED_FORWARD, "n_inner")
          .key(Key.POSITIONS, "n_positions")
          .key(Key.EPSILON, "layer_norm_epsilon")
          .key(Key.ACTIVATION, "activation_function")
          .key(Key.SCALED, "scale_attn_weights")
          .key(Key.SCALED_BY_LAYER, "scale_attn_by_inverse_layer_idx")
          .without(Key.KV_HEADS, Key.HEAD_DIM, Key.ATTENTION_BIAS, Key.FEED_FORWARD_BIAS)
          .mustBe("add_cross_attention", false)
          .defaults(new Defaults(1e-5, "gelu_new", /* biased= */ true, /* tied= */ true))
          .design(new Design(Norm.LAYER, Positions.LEARNED, /* gated= */ false))
          .prefixes("transformer.", "h.")
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

  private static final List<Family> ALL = List.of(GPT2, LLAMA);

  private Families() {}

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
    return new ConfigReader(config, of(config)).read();
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
