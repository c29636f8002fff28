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
 * @param covers well-known models of the family
 * @param heads the architectures' names
 * @param config how the config is read
 * @param design what the layers are made of
 * @param storage how the weights are stored
 */
public record Family(
    String modelType, String covers, Heads heads, Config config, Design design, Storage storage) {

  /**
   * Values of {@code architectures} in the config.
   *
   * @param languageModel the one with a language model head
   * @param classifier the one with a sequence classification head; null where there is none
   */
  record Heads(String languageModel, @Nullable String classifier) {}

  /**
   * How a config is read.
   *
   * @param facts what its models have; only the keys of these are read
   * @param mustBe keys that change the architecture into one that is not supported
   * @param inside the key of the object that holds all this; null where it is the config itself
   */
  record Config(Map<Key, Fact> facts, Map<String, Boolean> mustBe, @Nullable String inside) {}

  /**
   * A fact of a family's models.
   *
   * @param key what the config calls it; null where all models of the family are the same
   * @param fallback what holds where the config is silent; null where it must speak, or another
   *     fact decides
   */
  record Fact(@Nullable String key, @Nullable Object fallback) {}

  /** Kinds of norm. */
  public enum Norm {
    /** Layer norm, with a bias. */
    LAYER,
    /** Root-mean-square norm. */
    RMS,
    /** Root-mean-square norm whose stored weights are the distance from 1. */
    RMS_FROM_ONE
  }

  /** Norms of query and key. */
  enum QueryKeyNorm {
    NONE,
    /** Each head by itself. */
    HEADS,
    /** All heads together. */
    WHOLE
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
   * @param queryKeyNorm the norms of query and key
   * @param positions how a token is told its position
   * @param gated whether the feed-forward layer has a gate
   * @param interleaved whether query, key and value stand together head by head in their matrix,
   *     instead of one after the other
   */
  record Design(
      Norm norm,
      QueryKeyNorm queryKeyNorm,
      Positions positions,
      boolean gated,
      boolean interleaved) {}

  /**
   * How the weights are stored.
   *
   * @param prefix before all names but the head's; some checkpoints have none
   * @param layer before a layer's number
   * @param names stored names without {@code .weight}; several are joined in that order, and what
   *     has none is absent
   * @param heads what the head may be called, without {@code .weight}
   * @param transposed whether projections are stored input-first
   * @param ignored pattern of tensors that checkpoints carry and a language model does not need
   */
  record Storage(
      String prefix,
      String layer,
      Map<WeightName, List<String>> names,
      List<String> heads,
      boolean transposed,
      String ignored) {

    List<String> names(WeightName name) {
      return names.getOrDefault(name, List.of());
    }
  }

  /** Whether the stored norms of this family are the distance from 1. */
  public boolean normsFromOne() {
    return design.norm() == Norm.RMS_FROM_ONE;
  }

  /** Whether query, key and value stand together head by head in their matrix. */
  public boolean interleaved() {
    return design.interleaved();
  }

  /**
   * Begins with all that Llama's models are; a family states what is different.
   *
   * @param modelType {@code model_type} in the config
   * @param architecture what the names of the architectures begin with
   */
  static Builder llamaLike(String modelType, String architecture) {
    return new Builder(modelType, architecture);
  }

  /** States a family's facts by name. */
  static final class Builder {
    private final String modelType;
    private String covers = "";
    private Heads heads;
    private final Map<Key, Fact> facts = new EnumMap<>(Key.class);
    private final Map<String, Boolean> mustBe = new LinkedHashMap<>();
    private @Nullable String inside;
    private Norm norm = Norm.RMS;
    private QueryKeyNorm queryKeyNorm = QueryKeyNorm.NONE;
    private Positions positions = Positions.ROTARY;
    private boolean gated = true;
    private boolean interleaved;
    private final Map<WeightName, List<String>> names = new EnumMap<>(WeightName.class);
    private String prefix = "model.";
    private String layer = "layers.";
    private List<String> headNames = List.of("lm_head");
    private boolean transposed;
    private String ignored = "model\\.layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq";

    private Builder(String modelType, String architecture) {
      this.modelType = modelType;
      heads = new Heads(architecture + "ForCausalLM", architecture + "ForSequenceClassification");
      key(Key.VOCABULARY, "vocab_size", null);
      key(Key.WIDTH, "hidden_size", null);
      key(Key.LAYERS, "num_hidden_layers", null);
      key(Key.HEADS, "num_attention_heads", null);
      key(Key.KV_HEADS, "num_key_value_heads", null);
      key(Key.HEAD_DIM, "head_dim", null);
      key(Key.FEED_FORWARD, "intermediate_size", null);
      key(Key.POSITIONS, "max_position_embeddings", null);
      key(Key.EPSILON, "rms_norm_eps", 1e-6);
      key(Key.ACTIVATION, "hidden_act", "silu");
      key(Key.ATTENTION_BIAS, "attention_bias", false);
      key(Key.FEED_FORWARD_BIAS, "mlp_bias", false);
      key(Key.TIED, "tie_word_embeddings", false);
      key(Key.THETA, "rope_theta", 10_000.0);
      key(Key.TRAINED_POSITIONS, "original_max_position_embeddings", null);
      weight(WeightName.TOKEN_EMBEDDING, "embed_tokens");
      weight(WeightName.FINAL_NORM, "norm");
      weight(WeightName.ATTENTION_NORM, "input_layernorm");
      weight(WeightName.QKV, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
      weight(WeightName.ATTENTION_OUTPUT, "self_attn.o_proj");
      weight(WeightName.FEED_FORWARD_NORM, "post_attention_layernorm");
      weight(WeightName.UP, "mlp.gate_proj", "mlp.up_proj");
      weight(WeightName.DOWN, "mlp.down_proj");
    }

    Builder covers(String models) {
      covers = models;
      return this;
    }

    Builder architectures(String languageModel, @Nullable String classifier) {
      heads = new Heads(languageModel, classifier);
      return this;
    }

    /** A fact that the config states; what holds where it is silent. */
    Builder key(Key key, String name, @Nullable Object fallback) {
      facts.put(key, new Fact(name, fallback));
      return this;
    }

    /** A fact of all models of this family, which no config states. */
    Builder always(Key key, Object value) {
      facts.put(key, new Fact(null, value));
      return this;
    }

    /** Facts that models of this family do not have. */
    Builder without(Key... absent) {
      facts.keySet().removeAll(List.of(absent));
      return this;
    }

    Builder mustBe(String key, boolean value) {
      mustBe.put(key, value);
      return this;
    }

    Builder inside(String key) {
      inside = key;
      return this;
    }

    Builder norm(Norm kind) {
      norm = kind;
      return this;
    }

    Builder queryKeyNorm(QueryKeyNorm kind) {
      queryKeyNorm = kind;
      weight(WeightName.QUERY_NORM, "self_attn.q_norm");
      return weight(WeightName.KEY_NORM, "self_attn.k_norm");
    }

    Builder learnedPositions() {
      positions = Positions.LEARNED;
      return without(Key.THETA, Key.TRAINED_POSITIONS);
    }

    Builder ungated() {
      gated = false;
      return this;
    }

    Builder interleaved() {
      interleaved = true;
      return this;
    }

    Builder prefix(String before) {
      prefix = before;
      return this;
    }

    Builder layer(String before) {
      layer = before;
      return this;
    }

    Builder weight(WeightName name, String... stored) {
      names.put(name, List.of(stored));
      return this;
    }

    Builder withoutWeight(WeightName name) {
      names.remove(name);
      return this;
    }

    Builder headNames(String... stored) {
      headNames = List.of(stored);
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
          covers,
          heads,
          new Config(Map.copyOf(facts), Map.copyOf(mustBe), inside),
          new Design(norm, queryKeyNorm, positions, gated, interleaved),
          new Storage(prefix, layer, Map.copyOf(names), headNames, transposed, ignored));
    }
  }
}
