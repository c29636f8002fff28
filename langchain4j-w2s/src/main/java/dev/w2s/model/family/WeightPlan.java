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
    Family family = ConfigReader.family(config.family());
    String prefix = family.names().prefix();
    boolean prefixed = stored.stream().anyMatch(name -> name.startsWith(prefix));
    return new Planner(config, family, prefixed ? prefix : "").plan();
  }

  private static final class Planner {
    private final DecoderConfig config;
    private final Family family;
    private final Family.Names names;
    private final String prefix;
    private final List<Weight> weights = new ArrayList<>();

    Planner(DecoderConfig config, Family family, String prefix) {
      this.config = config;
      this.family = family;
      this.names = family.names();
      this.prefix = prefix;
    }

    WeightPlan plan() {
      int width = config.width();
      weights.add(matrix(prefix + names.tokenEmbedding(), config.vocabulary(), width));
      weights.add(
          config.rotary()
              ? Weight.ABSENT
              : matrix(prefix + names.positionEmbedding(), config.positions(), width));
      addNorm(prefix + names.finalNorm());
      weights.add(head());
      for (int layer = 0; layer < config.layers(); layer++) {
        addLayer(prefix + names.layer() + layer + ".");
      }
      return new WeightPlan(List.copyOf(weights), ignored());
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
      return headIsEmbedding ? names.ignored() + "|lm_head\\.weight" : names.ignored();
    }

    private void addLayer(String layer) {
      int width = config.width();
      int queries = config.heads() * config.headDim();
      int keys = config.kvHeads() * config.headDim();
      int up = config.feedForward();
      addNorm(layer + names.attentionNorm());
      addLinear(layer, names.qkv(), List.of(queries, keys, keys), width, config.attentionBias());
      addLinear(
          layer, List.of(names.attentionOutput()), List.of(width), queries, config.attentionBias());
      addNorm(layer + names.feedForwardNorm());
      List<Integer> ups = config.gated() ? List.of(up, up) : List.of(up);
      addLinear(layer, names.up(), ups, width, config.feedForwardBias());
      addLinear(layer, List.of(names.down()), List.of(width), up, config.feedForwardBias());
    }

    private void addNorm(String name) {
      weights.add(vector(name + ".weight"));
      weights.add(config.rmsNorm() ? Weight.ABSENT : vector(name + ".bias"));
    }

    private void addLinear(
        String layer, List<String> parts, List<Integer> rows, int columns, boolean biased) {
      boolean fused = parts.size() < rows.size();
      List<Part> matrices = new ArrayList<>();
      List<Part> biases = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        int height = fused ? rows.stream().mapToInt(Integer::intValue).sum() : rows.get(i);
        matrices.add(new Part(layer + parts.get(i) + ".weight", height));
        biases.add(new Part(layer + parts.get(i) + ".bias", height));
      }
      weights.add(new Weight(List.copyOf(matrices), columns, family.transposed()));
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
