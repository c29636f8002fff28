// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads a {@link DecoderConfig} from {@code config.json}. */
public final class ConfigReader {
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
  private final boolean classifier;

  private ConfigReader(JsonFile config) {
    this.config = config;
    family = family(config);
    classifier = classifier(config, family);
  }

  /** Reads the config of the model in a directory. */
  public static DecoderConfig read(Path directory) {
    return new ConfigReader(JsonFile.read(directory.resolve("config.json"))).read();
  }

  public static Family family(String modelType) {
    return Family.ALL.stream()
        .filter(family -> family.modelType().equals(modelType))
        .findFirst()
        .orElseThrow();
  }

  private DecoderConfig read() {
    family.mustBe().forEach(this::require);
    if (config.has("quantization_config")) {
      throw config.invalid("quantization_config", "must be absent: weights are read unquantised");
    }
    Family.Keys keys = family.keys();
    int width = config.integer(keys.width(), null, 1, MOST_WIDTH);
    int layers = config.integer(keys.layers(), null, 1, MOST_LAYERS);
    int heads = config.integer(keys.heads(), null, 1, MOST_HEADS);
    int kvHeads = config.integer(keys.kvHeads(), heads, 1, heads);
    if (heads % kvHeads != 0) {
      throw config.invalid(keys.kvHeads(), "must divide " + keys.heads() + " (" + heads + ")");
    }
    int headDim = headDim(width, heads);
    return new DecoderConfig(
        family.modelType(),
        config.integer("vocab_size", null, 1, MOST_TOKENS),
        width,
        layers,
        heads,
        kvHeads,
        headDim,
        config.integer(keys.feedForward(), 4 * width, 1, MOST_WIDTH),
        config.integer(keys.positions(), null, 1, MOST_TOKENS),
        family.rmsNorm(),
        config.positive(keys.epsilon(), keys.defaultEpsilon()),
        family.gated(),
        activation(),
        family.rotary() ? RotaryFrequencies.read(config, headDim) : List.of(),
        scales(layers, headDim),
        config.flag("attention_bias", family.biased()),
        config.flag("mlp_bias", family.biased()),
        config.flag("tie_word_embeddings", family.tied()),
        classifier ? labels() : List.of());
  }

  private static Family family(JsonFile config) {
    String type = config.text("model_type");
    return Family.ALL.stream()
        .filter(family -> family.modelType().equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                config.invalid(
                    "model_type",
                    "must be one of "
                        + Family.ALL.stream()
                            .map(Family::modelType)
                            .collect(Collectors.joining(", "))));
  }

  private static boolean classifier(JsonFile config, Family family) {
    JsonNode architectures = config.find("architectures");
    String name = architectures == null ? family.languageModel() : architectures.path(0).asText("");
    if (!name.equals(family.languageModel()) && !name.equals(family.classifier())) {
      throw config.invalid(
          "architectures", "must be " + family.languageModel() + " or " + family.classifier());
    }
    return name.equals(family.classifier());
  }

  private void require(String key, boolean value) {
    if (config.flag(key, value) != value) {
      throw config.invalid(key, "must be " + value);
    }
  }

  private int headDim(int width, int heads) {
    if (!config.has("head_dim") && width % heads != 0) {
      throw config.invalid(
          family.keys().heads(), "must divide " + family.keys().width() + " (" + width + ")");
    }
    int headDim = config.integer("head_dim", width / heads, 1, MOST_WIDTH);
    if (family.rotary() && headDim % 2 != 0) {
      throw config.invalid("head_dim", "must be even for rotary positions, not " + headDim);
    }
    return headDim;
  }

  private String activation() {
    String key = family.keys().activation();
    @Nullable String given = config.text(key);
    String known = ACTIVATIONS.get(given == null ? family.keys().defaultActivation() : given);
    if (known == null) {
      throw config.invalid(
          key,
          "must be one of " + String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
    }
    return known;
  }

  /**
   * GPT-2's configs may switch the usual 1/sqrt(headDim) off, or divide it by the layer's number.
   */
  private List<Double> scales(int layers, int headDim) {
    double scale = config.flag("scale_attn_weights", true) ? 1 / Math.sqrt(headDim) : 1;
    boolean byLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
    return IntStream.range(0, layers)
        .mapToObj(layer -> byLayer ? scale / (layer + 1) : scale)
        .toList();
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
