// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a model family: what its config may state, what its layers are made of and what its
 * weights are called. No code path belongs to one family; {@link Families} lists them.
 *
 * @param modelType {@code model_type} in the config
 * @param heads the architectures' names
 * @param config how the config is read
 * @param design what the layers are made of
 * @param storage how the weights are stored
 */
public record Family(String modelType, Heads heads, Config config, Design design, Storage storage) {

  /**
   * Values of {@code architectures} in the config.
   *
   * @param languageModel the one with a language model head
   * @param classifier the one with a sequence classification head
   */
  record Heads(String languageModel, String classifier) {}

  /**
   * How a config is read.
   *
   * @param keys what the config calls a fact; only these are read
   * @param defaults what holds where the config is silent
   * @param mustBe keys that change the architecture into one that is not supported
   */
  record Config(Map<Key, String> keys, Defaults defaults, Map<String, Boolean> mustBe) {
    @Nullable String key(Key key) {
      return keys.get(key);
    }
  }

  /**
   * What holds where a config is silent.
   *
   * @param epsilon the norms' epsilon
   * @param activation as configs name it
   * @param biased attention and feed-forward have biases
   * @param tied the head is the token embedding
   */
  record Defaults(double epsilon, String activation, boolean biased, boolean tied) {}

  /** Kinds of norm. */
  public enum Norm {
    /** Layer norm, with a bias. */
    LAYER,
    /** Root-mean-square norm. */
    RMS
  }

  /** Ways to tell a token its position. */
  enum Positions {
    LEARNED,
    ROTARY
  }

  /**
   * What the layers are made of.
   *
   * @param norm the kind of all norms
   * @param positions how a token is told its position
   * @param gated whether the feed-forward layer has a gate
   */
  record Design(Norm norm, Positions positions, boolean gated) {}

  /**
   * How the weights are stored.
   *
   * @param prefix before all names but the head's; some checkpoints lack it
   * @param layer before a layer's number
   * @param names stored names without {@code .weight}; several are joined in that order
   * @param transposed whether projections are stored input-first
   * @param ignored pattern of buffers that old checkpoints carry and nobody needs
   */
  record Storage(
      String prefix,
      String layer,
      Map<WeightName, List<String>> names,
      boolean transposed,
      String ignored) {

    List<String> names(WeightName name) {
      return names.getOrDefault(name, List.of());
    }
  }

  /** Begins with all that Llama's models are; a family states what is different. */
  static Builder llamaLike(String modelType) {
    return new Builder(modelType);
  }

  /** States a family's facts by name. */
  static final class Builder {
    private final String modelType;
    private Heads heads = new Heads("LlamaForCausalLM", "LlamaForSequenceClassification");
    private final Map<Key, String> keys = new EnumMap<>(Key.class);
    private final Map<String, Boolean> mustBe = new LinkedHashMap<>();
    private Defaults defaults = new Defaults(1e-6, "silu", /* biased= */ false, /* tied= */ false);
    private Design design = new Design(Norm.RMS, Positions.ROTARY, /* gated= */ true);
    private final Map<WeightName, List<String>> names = new EnumMap<>(WeightName.class);
    private String prefix = "model.";
    private String layer = "layers.";
    private boolean transposed;
    private String ignored = "model\\.layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq";

    private Builder(String modelType) {
      this.modelType = modelType;
      key(Key.WIDTH, "hidden_size");
      key(Key.LAYERS, "num_hidden_layers");
      key(Key.HEADS, "num_attention_heads");
      key(Key.KV_HEADS, "num_key_value_heads");
      key(Key.HEAD_DIM, "head_dim");
      key(Key.FEED_FORWARD, "intermediate_size");
      key(Key.POSITIONS, "max_position_embeddings");
      key(Key.EPSILON, "rms_norm_eps");
      key(Key.ACTIVATION, "hidden_act");
      key(Key.ATTENTION_BIAS, "attention_bias");
      key(Key.FEED_FORWARD_BIAS, "mlp_bias");
      weight(WeightName.TOKEN_EMBEDDING, "embed_tokens");
      weight(WeightName.FINAL_NORM, "norm");
      weight(WeightName.ATTENTION_NORM, "input_layernorm");
      weight(WeightName.QKV, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
      weight(WeightName.ATTENTION_OUTPUT, "self_attn.o_proj");
      weight(WeightName.FEED_FORWARD_NORM, "post_attention_layernorm");
      weight(WeightName.UP, "mlp.gate_proj", "mlp.up_proj");
      weight(WeightName.DOWN, "mlp.down_proj");
    }

    Builder architectures(String languageModel, String classifier) {
      heads = new Heads(languageModel, classifier);
      return this;
    }

    Builder key(Key key, String name) {
      keys.put(key, name);
      return this;
    }

    /** Facts that no config of this family states. */
    Builder without(Key... absent) {
      keys.keySet().removeAll(List.of(absent));
      return this;
    }

    Builder mustBe(String key, boolean value) {
      mustBe.put(key, value);
      return this;
    }

    Builder defaults(Defaults defaults) {
      this.defaults = defaults;
      return this;
    }

    Builder design(Design design) {
      this.design = design;
      return this;
    }

    Builder prefixes(String prefix, String layer) {
      this.prefix = prefix;
      this.layer = layer;
      return this;
    }

    Builder weight(WeightName name, String... stored) {
      names.put(name, List.of(stored));
      return this;
    }

    Builder transposed() {
      transposed = true;
      return this;
    }

    Builder ignored(String pattern) {
      ignored = pattern;
      return this;
    }

    Family build() {
      return new Family(
          modelType,
          heads,
          new Config(Map.copyOf(keys), defaults, Map.copyOf(mustBe)),
          design,
          new Storage(prefix, layer, Map.copyOf(names), transposed, ignored));
    }
  }
}
