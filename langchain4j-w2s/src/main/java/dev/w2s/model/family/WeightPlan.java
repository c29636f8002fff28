// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import dev.w2s.model.files.StoredTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which stored tensors make up which weight of the decoder program.
 *
 * @param weights those the model has, the token embedding first; a rotary model's frequencies are
 *     not stored
 * @param ignored pattern of tensors that may stand in the file and are not needed
 * @param namespace what the names of the model's own tensors begin with
 * @param heads what its head may be called
 */
public record WeightPlan(
    List<Weight> weights, Pattern ignored, String namespace, List<String> heads) {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";
  private static final int OUTSIDE_LAYERS = -1;

  /** Buffers that old checkpoints of any family carry. */
  private static final String BUFFERS = "(.*\\.)?(position_ids|rotary_emb\\.inv_freq)";

  /** What PEFT calls the parts of an adapter, and the layer that it wraps. */
  private static final Pattern ADAPTER = Pattern.compile(".*(lora_|\\.base_layer\\.).*");

  /**
   * A weight of the program.
   *
   * @param layer number of its layer; -1 outside the layers
   * @param name what the program calls it
   * @param parts the stored tensors, joined along rows
   * @param columns columns of each part; 0 for a vector
   * @param transposed whether the parts are stored input-first
   */
  public record Weight(int layer, String name, List<Part> parts, int columns, boolean transposed) {
    public long rows() {
      return parts.stream().mapToLong(Part::rows).sum();
    }

    public long elements() {
      return rows() * Math.max(1, columns);
    }

    /** Whether it stands outside the layers. */
    public boolean outsideLayers() {
      return layer == OUTSIDE_LAYERS;
    }

    /** Whether it is a matrix that is multiplied with, or the token embedding, which may be one. */
    public boolean isLinear() {
      return columns > 0 && !name.equals(WeightName.POSITION_EMBEDDING.inProgram());
    }

    /** Shape that a part must have in the file. */
    public List<Long> storedShape(Part part) {
      if (columns == 0) {
        return List.of((long) part.rows());
      }
      return transposed
          ? List.of((long) columns, (long) part.rows())
          : List.of((long) part.rows(), (long) columns);
    }
  }

  /** A stored tensor and how many rows of the weight it makes up. */
  public record Part(String name, int rows) {}

  /**
   * Plans a model.
   *
   * @param stored the names in the file; the original checkpoints lack the family's prefix
   * @param ownHead whether a head that the config ties to the embedding counts all the same
   */
  public static WeightPlan of(DecoderConfig config, Set<String> stored, boolean ownHead) {
    return new Planner(config, stored, ownHead).plan();
  }

  /** The token embedding among the tensors of a file; null where it is not stored. */
  public static @Nullable StoredTensor embedding(
      DecoderConfig config, Map<String, StoredTensor> stored) {
    return stored.get(embeddingName(config, prefix(config, stored.keySet())));
  }

  /** What a language model's head is called in a file: as it is stored, or as it might be. */
  public static String head(DecoderConfig config, Set<String> stored) {
    List<String> names = config.family().storage().heads();
    return names.stream()
            .filter(name -> stored.contains(name + WEIGHT))
            .findFirst()
            .orElse(names.get(0))
        + WEIGHT;
  }

  private static String embeddingName(DecoderConfig config, String prefix) {
    String name = config.family().storage().names(WeightName.TOKEN_EMBEDDING).get(0);
    return prefix + name + WEIGHT;
  }

  private static String prefix(DecoderConfig config, Set<String> stored) {
    String prefix = config.family().storage().prefix();
    return stored.stream().anyMatch(name -> name.startsWith(prefix)) ? prefix : "";
  }

  /** Whether a tensor may stand in the file and is not needed. */
  public boolean needless(String name) {
    return ignored.matcher(name).matches();
  }

  /** Whether a tensor belongs to an adapter, without which the model is another. */
  public boolean isOfAnAdapter(String name) {
    return ADAPTER.matcher(name).matches();
  }

  /**
   * Whether a tensor that is not planned shows that the weights are those of another model: it
   * stands among the model's own, or changes the head. What else a file holds, such as the value
   * head of a trainer, is nobody's business here.
   */
  public boolean tellsOfAnotherModel(String name) {
    return name.startsWith(namespace) || heads.stream().anyMatch(h -> name.startsWith(h + "."));
  }

  private static final class Planner {
    private final DecoderConfig config;
    private final Family.Storage storage;
    private final Set<String> stored;
    private final boolean ownHead;
    private final String prefix;
    private final List<Weight> weights = new ArrayList<>();

    Planner(DecoderConfig config, Set<String> stored, boolean ownHead) {
      this.config = config;
      this.storage = config.family().storage();
      this.stored = stored;
      this.ownHead = ownHead;
      this.prefix = prefix(config, stored);
    }

    WeightPlan plan() {
      addMatrix(WeightName.TOKEN_EMBEDDING, storedEmbedding(), config.vocabulary());
      addEmbedding(WeightName.POSITION_EMBEDDING, config.positions());
      addNorm(OUTSIDE_LAYERS, WeightName.FINAL_NORM);
      addHead();
      for (int layer = 0; layer < config.layers().size(); layer++) {
        addLayer(layer);
      }
      String namespace = prefix.isEmpty() ? storage.layer() : prefix;
      return new WeightPlan(
          List.copyOf(weights), Pattern.compile(ignored()), namespace, storage.heads());
    }

    private void addEmbedding(WeightName name, int rows) {
      for (String stored : storage.names(name)) {
        addMatrix(name, prefix + stored + WEIGHT, rows);
      }
    }

    /** Weights that are tied are stored once, under either name. */
    private String storedEmbedding() {
      String name = embeddingName(config, prefix);
      boolean underTheHeadsName = config.tiedHead() && !stored.contains(name);
      String head = head(config, stored);
      return underTheHeadsName && stored.contains(head) ? head : name;
    }

    private void addHead() {
      if (config.classifier()) {
        addMatrix(WeightName.HEAD, "score.weight", config.labels().size());
      } else if (!config.tiedHead() || ownHead) {
        addMatrix(WeightName.HEAD, head(config, stored), config.vocabulary());
      }
    }

    private void addMatrix(WeightName name, String stored, int rows) {
      add(OUTSIDE_LAYERS, name.inProgram(), List.of(new Part(stored, rows)), config.width());
    }

    private String ignored() {
      String buffers = storage.ignored() + "|" + BUFFERS;
      return config.tiedHead() || config.classifier() ? buffers + "|" + headPattern() : buffers;
    }

    private String headPattern() {
      return Pattern.quote(head(config, stored));
    }

    private void addLayer(int layer) {
      DecoderConfig.Attention attention = config.attention();
      DecoderConfig.FeedForward feedForward = config.feedForward();
      int width = config.width();
      int queries = attention.heads() * attention.headDim();
      int keys = attention.kvHeads() * attention.headDim();
      int up = feedForward.width();
      addNorm(layer, WeightName.ATTENTION_NORM);
      addLinear(layer, WeightName.QKV, List.of(queries, keys, keys), width, attention.biased());
      addQueryKeyNorms(layer, queries, keys);
      boolean outputBiased = attention.outputBiased();
      addLinear(layer, WeightName.ATTENTION_OUTPUT, List.of(width), queries, outputBiased);
      addNorm(layer, WeightName.ATTENTION_OUTPUT_NORM);
      addNorm(layer, WeightName.FEED_FORWARD_NORM);
      List<Integer> ups = feedForward.gated() ? List.of(up, up) : List.of(up);
      addLinear(layer, WeightName.UP, ups, width, feedForward.biased());
      addLinear(layer, WeightName.DOWN, List.of(width), up, feedForward.biased());
      addNorm(layer, WeightName.FEED_FORWARD_OUTPUT_NORM);
    }

    /** Each head by itself, or all together. */
    private void addQueryKeyNorms(int layer, int queries, int keys) {
      int headDim = config.attention().headDim();
      boolean whole = config.family().design().queryKeyNorm() == Family.QueryKeyNorm.WHOLE;
      addNorm(layer, WeightName.QUERY_NORM, whole ? queries : headDim);
      addNorm(layer, WeightName.KEY_NORM, whole ? keys : headDim);
    }

    private void addNorm(int layer, WeightName name) {
      addNorm(layer, name, config.width());
    }

    /** A norm, if the family has it. */
    private void addNorm(int layer, WeightName name, int width) {
      for (String stored : storage.names(name)) {
        String base = at(layer) + stored;
        add(layer, name.inProgram(), List.of(new Part(base + WEIGHT, width)), 0);
        if (config.norm().kind() == Family.Norm.LAYER) {
          add(layer, name.bias(), List.of(new Part(base + BIAS, width)), 0);
        }
      }
    }

    private void addLinear(
        int layer, WeightName name, List<Integer> rows, int columns, boolean biased) {
      List<String> stored = storage.names(name);
      boolean fused = stored.size() < rows.size();
      List<Part> matrices = new ArrayList<>();
      List<Part> biases = new ArrayList<>();
      for (int i = 0; i < stored.size(); i++) {
        int height = fused ? rows.stream().mapToInt(Integer::intValue).sum() : rows.get(i);
        matrices.add(new Part(at(layer) + stored.get(i) + WEIGHT, height));
        biases.add(new Part(at(layer) + stored.get(i) + BIAS, height));
      }
      weights.add(
          new Weight(
              layer, name.inProgram(), List.copyOf(matrices), columns, storage.transposed()));
      if (biased) {
        add(layer, name.bias(), List.copyOf(biases), 0);
      }
    }

    private void add(int layer, String name, List<Part> parts, int columns) {
      weights.add(new Weight(layer, name, parts, columns, /* transposed= */ false));
    }

    /** What stands before the names of a layer's tensors. */
    private String at(int layer) {
      return layer == OUTSIDE_LAYERS ? prefix : prefix + storage.layer() + layer + ".";
    }
  }
}
