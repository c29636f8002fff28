// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which stored tensors make up which weight of the decoder program.
 *
 * @param weights those the model has, the token embedding first; a rotary model's frequencies are
 *     not stored
 * @param ignored pattern of tensors that may stand in the file and are not needed
 */
public record WeightPlan(List<Weight> weights, String ignored) {
  private static final int OUTSIDE_LAYERS = -1;

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
   */
  public static WeightPlan of(DecoderConfig config, Set<String> stored) {
    String prefix = config.family().storage().prefix();
    boolean prefixed = stored.stream().anyMatch(name -> name.startsWith(prefix));
    return new Planner(config, prefixed ? prefix : "").plan();
  }

  private static final class Planner {
    private final DecoderConfig config;
    private final Family.Storage storage;
    private final String prefix;
    private final List<Weight> weights = new ArrayList<>();

    Planner(DecoderConfig config, String prefix) {
      this.config = config;
      this.storage = config.family().storage();
      this.prefix = prefix;
    }

    WeightPlan plan() {
      addEmbedding(WeightName.TOKEN_EMBEDDING, config.vocabulary());
      addEmbedding(WeightName.POSITION_EMBEDDING, config.positions());
      addNorm(OUTSIDE_LAYERS, WeightName.FINAL_NORM);
      addHead();
      for (int layer = 0; layer < config.layers().size(); layer++) {
        addLayer(layer);
      }
      return new WeightPlan(List.copyOf(weights), ignored());
    }

    private void addEmbedding(WeightName name, int rows) {
      for (String stored : storage.names(name)) {
        addMatrix(name, prefix + stored + ".weight", rows);
      }
    }

    private void addHead() {
      if (config.classifier()) {
        addMatrix(WeightName.HEAD, "score.weight", config.labels().size());
      } else if (!config.tiedHead()) {
        addMatrix(WeightName.HEAD, "lm_head.weight", config.vocabulary());
      }
    }

    private void addMatrix(WeightName name, String stored, int rows) {
      add(OUTSIDE_LAYERS, name.inProgram(), List.of(new Part(stored, rows)), config.width());
    }

    private String ignored() {
      boolean headIsEmbedding = config.tiedHead() && !config.classifier();
      return headIsEmbedding ? storage.ignored() + "|lm_head\\.weight" : storage.ignored();
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
      addLinear(layer, WeightName.ATTENTION_OUTPUT, List.of(width), queries, attention.biased());
      addNorm(layer, WeightName.FEED_FORWARD_NORM);
      List<Integer> ups = feedForward.gated() ? List.of(up, up) : List.of(up);
      addLinear(layer, WeightName.UP, ups, width, feedForward.biased());
      addLinear(layer, WeightName.DOWN, List.of(width), up, feedForward.biased());
    }

    private void addNorm(int layer, WeightName name) {
      String stored = at(layer) + storage.names(name).get(0);
      int width = config.width();
      add(layer, name.inProgram(), List.of(new Part(stored + ".weight", width)), 0);
      if (config.norm().kind() == Family.Norm.LAYER) {
        add(layer, name.bias(), List.of(new Part(stored + ".bias", width)), 0);
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
        matrices.add(new Part(at(layer) + stored.get(i) + ".weight", height));
        biases.add(new Part(at(layer) + stored.get(i) + ".bias", height));
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
