// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.family.DecoderConfig.Attention;
import dev.w2s.model.family.DecoderConfig.FeedForward;
import dev.w2s.model.family.DecoderConfig.Multipliers;
import dev.w2s.model.files.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a {@link DecoderConfig}: of a config only those keys that its family has.
 *
 * @param config the whole file
 * @param facts what it says of the model
 */
record ConfigReader(JsonFile config, Facts facts) {
  // Bounds that no model of these families comes near; they keep an absurd config from asking for
  // absurd amounts of memory before the weights' shapes are compared.
  private static final int MOST_LAYERS = 1024;
  private static final int MOST_HEADS = 1024;
  private static final int MOST_WIDTH = 1 << 20;
  private static final int MOST_TOKENS = 1 << 24;

  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "silu", "silu",
          "swish", "silu",
          "gelu", "gelu",
          "gelu_new", "gelu_tanh",
          "gelu_fast", "gelu_tanh",
          "gelu_pytorch_tanh", "gelu_tanh",
          "relu", "relu");

  /** A reader of a whole file. */
  static ConfigReader of(JsonFile config, Family family) {
    String inside = family.config().inside();
    JsonFile model = inside == null ? config : config.object(inside);
    if (model == null) {
      throw config.invalid(String.valueOf(inside), "must be given");
    }
    return new ConfigReader(config, new Facts(model, family));
  }

  DecoderConfig read() {
    family().config().mustBe().forEach(this::require);
    refuse("quantization_config", "must be absent: weights are read unquantised");
    refuse("per_layer_config", "must be absent: layers of different sizes are not supported");
    boolean classifier = classifier();
    int width = facts.integer(Key.WIDTH, MOST_WIDTH);
    int count = facts.integer(Key.LAYERS, MOST_LAYERS);
    int positions = facts.integer(Key.POSITIONS, MOST_TOKENS);
    Attention attention = attention(width);
    List<Rotary> rotaries = RotaryReader.readAll(facts, attention.headDim(), positions);
    return new DecoderConfig(
        family(),
        facts.integer(Key.VOCABULARY, MOST_TOKENS),
        width,
        rotaries.stream().mapToInt(r -> r.longer().longest(positions)).max().orElse(positions),
        new DecoderConfig.Norm(family().design().norm(), facts.number(Key.EPSILON, 0)),
        attention,
        feedForward(width),
        rotaries,
        new LayerReader(facts, count, attention.headDim()).read(),
        facts.flag(Key.PARALLEL, false),
        multipliers(width, classifier),
        facts.flag(Key.TIED, false),
        classifier ? labels() : List.of());
  }

  private Family family() {
    return facts.family();
  }

  private Attention attention(int width) {
    int heads = facts.integer(Key.HEADS, MOST_HEADS);
    int kvHeads = facts.nullableInteger(Key.KV_HEADS, heads, heads);
    if (heads % kvHeads != 0) {
      throw facts.invalid(
          Key.KV_HEADS, "must divide %s (%d)".formatted(facts.name(Key.HEADS), heads));
    }
    boolean biased = facts.flag(Key.ATTENTION_BIAS, false);
    return new Attention(
        heads,
        kvHeads,
        headDim(width, heads),
        biased,
        facts.flag(Key.ATTENTION_OUTPUT_BIAS, biased),
        facts.nullableNumber(Key.ATTENTION_CAP, 0));
  }

  private FeedForward feedForward(int width) {
    // Only GPT-2 leaves it open.
    return new FeedForward(
        family().design().gated()
            ? facts.integer(Key.FEED_FORWARD, MOST_WIDTH)
            : facts.integer(Key.FEED_FORWARD, 4 * width, MOST_WIDTH),
        family().design().gated(),
        activation(),
        facts.flag(Key.FEED_FORWARD_BIAS, false));
  }

  /** A classifier's logits are those of its own head, as they are. */
  private Multipliers multipliers(int width, boolean classifier) {
    return new Multipliers(
        facts.flag(Key.ROOT_OF_WIDTH, false)
            ? Math.sqrt(width)
            : facts.number(Key.EMBEDDING_MULTIPLIER, 1),
        facts.number(Key.RESIDUAL_MULTIPLIER, 1),
        classifier ? 1 : facts.number(Key.LOGIT_DIVISOR, 1),
        classifier ? 0 : facts.nullableNumber(Key.LOGIT_CAP, 0));
  }

  private boolean classifier() {
    Family.Heads heads = family().heads();
    JsonNode architectures = config.find("architectures");
    String name = architectures == null ? heads.languageModel() : architectures.path(0).asText("");
    if (!name.equals(heads.languageModel()) && !name.equals(heads.classifier())) {
      String or = heads.classifier() == null ? "" : " or " + heads.classifier();
      throw config.invalid("architectures", "must be " + heads.languageModel() + or);
    }
    return name.equals(heads.classifier());
  }

  private void require(String key, boolean value) {
    if (facts.config().flag(key, value) != value) {
      throw facts.config().invalid(key, "must be " + value);
    }
  }

  private void refuse(String key, String rule) {
    for (JsonFile file : List.of(config, facts.config())) {
      if (file.has(key)) {
        throw file.invalid(key, rule);
      }
    }
  }

  private int headDim(int width, int heads) {
    boolean own = facts.has(Key.HEAD_DIM) && facts.integer(Key.HEAD_DIM, 0, MOST_WIDTH) > 0;
    if (!own && width % heads != 0) {
      throw facts.invalid(Key.HEADS, "must divide %s (%d)".formatted(facts.name(Key.WIDTH), width));
    }
    return facts.integer(Key.HEAD_DIM, width / heads, MOST_WIDTH);
  }

  private String activation() {
    String known = ACTIVATIONS.get(facts.text(Key.ACTIVATION));
    if (known == null) {
      throw facts.invalid(
          Key.ACTIVATION,
          "must be one of " + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
    }
    return known;
  }

  private List<String> labels() {
    JsonFile names = config.object("id2label");
    int count =
        names != null ? names.json().size() : config.integer("num_labels", 2, 1, MOST_WIDTH);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = names == null ? "LABEL_" + i : names.text(Integer.toString(i));
      if (name == null) {
        throw config.invalid("id2label", "must name every label from 0 to " + (count - 1));
      }
      labels.add(name);
    }
    if (labels.isEmpty()) {
      throw config.invalid("id2label", "must name at least one label");
    }
    return List.copyOf(labels);
  }
}
