// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The type that a model's weights and cache have in memory. Probabilities are float32 always. */
public enum WeightType {
  /** float32 on a CPU; on a GPU the type of the files. */
  AUTO(0),
  /** 4 bytes a weight. */
  FLOAT32(6),
  /** 2 bytes a weight, the range of float32. */
  BFLOAT16(15),
  /** 2 bytes a weight. */
  FLOAT16(5);

  private final long scalarType;

  WeightType(long scalarType) {
    this.scalarType = scalarType;
  }

  /** PyTorch's {@code c10::ScalarType}. */
  long scalarType() {
    if (this == AUTO) {
      throw new IllegalStateException("auto is not a type of its own");
    }
    return scalarType;
  }

  /** Bytes a weight takes. */
  int bytes() {
    return this == FLOAT32 ? 4 : 2;
  }

  /**
   * Reads {@code auto}, {@code float32}, {@code bfloat16} or {@code float16}.
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
