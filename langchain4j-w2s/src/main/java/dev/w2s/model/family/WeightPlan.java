// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which stored tensors make up which weight of the decoder program, in the program's order.
 *
 * @param weights one entry a weight; the position embedding of a rotary model is not stored
 * @param ignored pattern of tensors that may stand in the file and are not needed
 */
public record WeightPlan(List<Weight> weights, String ignored) {
  public static final int POSITION_EMBEDDING = 1;

  /**
   * A weight of the program.
   *
   * @param parts the stored tensors, joined along rows; empty for a weight the model lacks
   * @param columns columns of each part; 0 for a vector
   * @param transposed whether the parts are stored input-first
   */
  public record Weight(List<Part> parts, int columns, boolean transposed) {
    static final Weight ABSENT = new Weight(List.of(), 0, false);

    public long rows() {
      return parts.stream().mapToLong(Part::rows).sum();
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
      addNorm(prefix, WeightName.FINAL_NORM);
      weights.add(head());
      for (int layer = 0; layer < config.layers().size(); layer++) {
        addLayer(prefix + storage.layer() + layer + ".");
      }
      return new WeightPlan(List.copyOf(weights), ignored());
    }

    private void addEmbedding(WeightName name, int rows) {
      List<String> stored = storage.names(name);
      weights.add(
          stored.isEmpty()
              ? Weight.ABSENT
              : matrix(prefix + stored.get(0) + ".weight", rows, config.width()));
    }

    private Weight head() {
      if (config.classifier()) {
        return matrix("score.weight", config.labels().size(), config.width());
      }
      return config.tiedHead()
          ? Weight.ABSENT
          : matrix("lm_head.weight", config.vocabulary(), config.width());
    }

    private String ignored() {
      boolean headIsEmbedding = config.tiedHead() && !config.classifier();
      return headIsEmbedding ? storage.ignored() + "|lm_head\\.weight" : storage.ignored();
    }

    private void addLayer(String layer) {
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

    private void addNorm(String at, WeightName name) {
      String stored = at + storage.names(name).get(0);
      weights.add(vector(stored + ".weight"));
      weights.add(
          config.norm().kind() == Family.Norm.LAYER ? vector(stored + ".bias") : Weight.ABSENT);
    }

    private void addLinear(
        String layer, WeightName name, List<Integer> rows, int columns, boolean biased) {
      List<String> parts = storage.names(name);
      boolean fused = parts.size() < rows.size();
      List<Part> matrices = new ArrayList<>();
      List<Part> biases = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        int height = fused ? rows.stream().mapToInt(Integer::intValue).sum() : rows.get(i);
        matrices.add(new Part(layer + parts.get(i) + ".weight", height));
        biases.add(new Part(layer + parts.get(i) + ".bias", height));
      }
      weights.add(new Weight(List.copyOf(matrices), columns, storage.transposed()));
      weights.add(biased ? new Weight(List.copyOf(biases), 0, false) : Weight.ABSENT);
    }

    private Weight matrix(String name, int rows, int columns) {
      return new Weight(List.of(new Part(name, rows)), columns, false);
    }

    private Weight vector(String name) {
      return new Weight(List.of(new Part(name, config.width())), 0, false);
    }
  }
}
