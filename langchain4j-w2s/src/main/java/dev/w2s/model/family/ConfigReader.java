// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads a {@link DecoderConfig}: of a config only those keys that its family has. */
final class ConfigReader {
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
          "gelu_pytorch_tanh", "gelu_tanh",
          "relu", "relu");

  private final JsonFile config;
  private final Family family;

  ConfigReader(JsonFile config, Family family) {
    this.config = config;
    this.family = family;
  }

  DecoderConfig read() {
    family.config().mustBe().forEach(this::require);
    if (config.has("quantization_config")) {
      throw config.invalid("quantization_config", "must be absent: weights are read unquantised");
    }
    boolean classifier = classifier();
    int width = integer(Key.WIDTH, null, MOST_WIDTH);
    int layers = integer(Key.LAYERS, null, MOST_LAYERS);
    DecoderConfig.Attention attention = attention(width);
    return new DecoderConfig(
        family,
        config.integer("vocab_size", null, 1, MOST_TOKENS),
        width,
        integer(Key.POSITIONS, null, MOST_TOKENS),
        new DecoderConfig.Norm(family.design().norm(), epsilon()),
        attention,
        feedForward(width),
        layers(layers, attention.headDim()),
        config.flag("tie_word_embeddings", family.config().defaults().tied()),
        classifier ? labels() : List.of());
  }

  private DecoderConfig.Attention attention(int width) {
    int heads = integer(Key.HEADS, null, MOST_HEADS);
    int kvHeads = integer(Key.KV_HEADS, heads, heads);
    if (heads % kvHeads != 0) {
      throw invalid(Key.KV_HEADS, "must divide " + name(Key.HEADS) + " (" + heads + ")");
    }
    int headDim = headDim(width, heads);
    return new DecoderConfig.Attention(
        heads,
        kvHeads,
        headDim,
        flag(Key.ATTENTION_BIAS, family.config().defaults().biased()),
        rotary() ? RotaryFrequencies.read(config, headDim) : List.of());
  }

  private DecoderConfig.FeedForward feedForward(int width) {
    return new DecoderConfig.FeedForward(
        integer(Key.FEED_FORWARD, 4 * width, MOST_WIDTH),
        family.design().gated(),
        activation(),
        flag(Key.FEED_FORWARD_BIAS, family.config().defaults().biased()));
  }

  private boolean rotary() {
    return family.design().positions() == Family.Positions.ROTARY;
  }

  private boolean classifier() {
    Family.Heads heads = family.heads();
    JsonNode architectures = config.find("architectures");
    String name = architectures == null ? heads.languageModel() : architectures.path(0).asText("");
    if (!name.equals(heads.languageModel()) && !name.equals(heads.classifier())) {
      throw config.invalid(
          "architectures", "must be " + heads.languageModel() + " or " + heads.classifier());
    }
    return name.equals(heads.classifier());
  }

  private void require(String key, boolean value) {
    if (config.flag(key, value) != value) {
      throw config.invalid(key, "must be " + value);
    }
  }

  private int headDim(int width, int heads) {
    String key = name(Key.HEAD_DIM);
    boolean given = key != null && config.has(key);
    if (!given && width % heads != 0) {
      throw invalid(Key.HEADS, "must divide " + name(Key.WIDTH) + " (" + width + ")");
    }
    int headDim = integer(Key.HEAD_DIM, width / heads, MOST_WIDTH);
    if (rotary() && headDim % 2 != 0) {
      throw invalid(Key.HEAD_DIM, "must be even for rotary positions, not " + headDim);
    }
    return headDim;
  }

  private double epsilon() {
    double fallback = family.config().defaults().epsilon();
    String key = name(Key.EPSILON);
    return key == null ? fallback : config.positive(key, fallback);
  }

  private String activation() {
    String key = name(Key.ACTIVATION);
    String given = key == null ? null : config.text(key);
    String known = ACTIVATIONS.get(given == null ? family.config().defaults().activation() : given);
    if (known == null) {
      throw invalid(
          Key.ACTIVATION,
          "must be one of " + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
    }
    return known;
  }

  private List<DecoderConfig.Layer> layers(int layers, int headDim) {
    double scale = flag(Key.SCALED, true) ? 1 / Math.sqrt(headDim) : 1;
    boolean byLayer = flag(Key.SCALED_BY_LAYER, false);
    return IntStream.range(0, layers)
        .mapToObj(layer -> new DecoderConfig.Layer(byLayer ? scale / (layer + 1) : scale))
        .toList();
  }

  private @Nullable String name(Key key) {
    return family.config().key(key);
  }

  /** A whole number from 1; required when {@code fallback} is null. */
  private int integer(Key key, @Nullable Integer fallback, int most) {
    String name = name(key);
    if (name == null) {
      return Objects.requireNonNull(fallback, key::name);
    }
    return config.integer(name, fallback, 1, most);
  }

  private boolean flag(Key key, boolean fallback) {
    String name = name(key);
    return name == null ? fallback : config.flag(name, fallback);
  }

  private InvalidModelException invalid(Key key, String rule) {
    return config.invalid(Objects.requireNonNull(name(key), key::name), rule);
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
