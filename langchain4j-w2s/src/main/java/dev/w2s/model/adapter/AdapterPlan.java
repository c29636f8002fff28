// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.adapter;

import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.family.WeightPlan;
import dev.w2s.model.files.Checkpoint;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.StoredTensor;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which tensors of an adapter make up which matrices of the decoder program.
 *
 * <p>Of a weight that is joined of several modules there is one pair of matrices: the ways down
 * stand below each other, the ways up along a diagonal, each in the rows of its module. So a joined
 * weight takes two products, whichever of its modules are tuned.
 *
 * @param matrices in no order
 * @param ranks the ranks that occur
 * @param modules last parts of the names of what is tuned
 * @param vocabulary tokens that the adapted model knows
 * @param labels outputs of a classifier; 0 of a language model
 */
public record AdapterPlan(
    List<Matrix> matrices, Set<Integer> ranks, Set<String> modules, int vocabulary, int labels) {
  /** What a matrix is to a weight. */
  public enum Part {
    /** (R, inputs) for all ranks of the weight; of the embedding (vocabulary, R). */
    LORA_A,
    /** (outputs, R), times the factor. */
    LORA_B,
    /** In place of the weight. */
    WHOLE;

    /** What {@code decoder.torchscript} calls it. */
    public String inProgram() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A matrix of the program.
   *
   * @param layer number of its layer; -1 outside the layers
   * @param weight the weight that it changes
   * @param part how
   * @param rows of it
   * @param columns of it
   * @param pieces what it is made of; zero elsewhere
   */
  public record Matrix(
      int layer, String weight, Part part, long rows, int columns, List<Piece> pieces) {
    public long elements() {
      return rows * columns;
    }
  }

  /**
   * A stored tensor in a matrix.
   *
   * @param tensor two-dimensional
   * @param row its first row
   * @param column its first column
   * @param factor on every value
   * @param transposed whether its rows are columns of the matrix
   */
  public record Piece(
      StoredTensor tensor, long row, int column, double factor, boolean transposed) {}

  /**
   * Plans an adapter over a model. Names, shapes and types are checked; no value is read.
   *
   * @throws InvalidModelException if the file does not hold what config and model ask for, or holds
   *     more
   */
  public static AdapterPlan of(
      AdapterConfig adapter, Checkpoint file, DecoderConfig model, WeightPlan weights) {
    return new AdapterPlanner(adapter, file, model, weights).plan();
  }
}
