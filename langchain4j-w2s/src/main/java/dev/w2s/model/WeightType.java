// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The type that a model's weights have in memory. The cache has it too, or with 8 and 4 bits the
 * type that is computed in: bfloat16 where the device multiplies that fast, else float32.
 * Probabilities are float32 always.
 */
public enum WeightType {
  /**
   * On a GPU the type of the files. On a CPU float32, but bfloat16 for models of 50 million weights
   * and more where the CPU has a matrix unit for it (AMX).
   */
  AUTO(0),
  /** 4 bytes a weight. */
  FLOAT32(6),
  /** 2 bytes a weight, the range of float32. */
  BFLOAT16(15),
  /** 2 bytes a weight. */
  FLOAT16(5),
  /**
   * Matrices and embeddings in 8 bits with a factor for each row, quantised while loading; all else
   * in the type that is computed in.
   */
  INT8(0),
  /**
   * As {@link #INT8}, but the layers' matrices in 4 bits with a factor and a least value for each
   * 32 columns; a matrix whose columns are no multiple of 32 keeps 8.
   */
  INT4(0);

  private final long scalarType;

  WeightType(long scalarType) {
    this.scalarType = scalarType;
  }

  /** PyTorch's {@code c10::ScalarType}. */
  long scalarType() {
    if (this == AUTO || quantised()) {
      throw new IllegalStateException(this + " is not a type of PyTorch");
    }
    return scalarType;
  }

  /** Whether weights are rounded to few bits while loading. */
  boolean quantised() {
    return this == INT8 || this == INT4;
  }

  /** Bytes a number takes. */
  int bytes() {
    return this == FLOAT32 ? 4 : 2;
  }

  /**
   * Reads {@code auto}, {@code float32}, {@code bfloat16}, {@code float16}, {@code int8} or {@code
   * int4}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static WeightType parse(String text) {
    return Arrays.stream(values())
        .filter(type -> type.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "dtype is '%s'; it must be one of %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(WeightType::toString)
                                .collect(Collectors.joining(", ")))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
