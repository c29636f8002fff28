// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.pytorch.jni.IValue;
import dev.w2s.model.family.WeightPlan.Weight;
import java.util.List;

/**
 * Weights in one block of memory, which goes back to the system as one.
 *
 * @param places of the weights, in the block's order
 */
record WeightBlock(List<Place> places) {
  /** In elements; 64 bytes or more, as libtorch aligns its own tensors. */
  private static final long ALIGNMENT = 64;

  /**
   * A weight of the program.
   *
   * @param layer number of its layer; -1 outside the layers
   * @param name what the program calls it
   * @param columns 0 for a vector
   */
  record Place(int layer, String name, long rows, long columns) {
    private long aligned() {
      long elements = rows * Math.max(1, columns);
      return (elements + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
  }

  /** A block of weights in the order of a plan. */
  static WeightBlock of(List<Weight> weights) {
    return new WeightBlock(
        weights.stream().map(w -> new Place(w.layer(), w.name(), w.rows(), w.columns())).toList());
  }

  /** Elements that the block must have. */
  long elements() {
    return places.stream().mapToLong(Place::aligned).sum();
  }

  /** Makes parts of a block the weights of a program. */
  void placeIn(TorchModule module, IValue block) {
    long start = 0;
    for (Place place : places) {
      module
          .callOn(
              block,
              "place",
              IValue.from(start),
              IValue.from((long) place.layer()),
              IValue.from(place.name()),
              IValue.from(place.rows()),
              IValue.from(place.columns()))
          .close();
      start += place.aligned();
    }
  }
}
