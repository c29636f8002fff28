// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import dev.w2s.model.files.StoredType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of a tensor that are read. The quantised ones keep the elements of a row in blocks of
 * equal size.
 */
enum TensorType {
  F32(0, 1, 4, StoredType.F32),
  F16(1, 1, 2, StoredType.F16),
  BF16(30, 1, 2, StoredType.BF16),
  Q4_0(2, 32, 18, StoredType.F32),
  Q4_1(3, 32, 20, StoredType.F32),
  Q5_0(6, 32, 22, StoredType.F32),
  Q5_1(7, 32, 24, StoredType.F32),
  Q8_0(8, 32, 34, StoredType.F32),
  Q4_K(12, 256, 144, StoredType.F32),
  Q5_K(13, 256, 176, StoredType.F32),
  Q6_K(14, 256, 210, StoredType.F32);

  private static final TensorType[] ALL = values();

  /** What the format calls the others, for errors. */
  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(4, "Q4_2"),
          Map.entry(5, "Q4_3"),
          Map.entry(9, "Q8_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"),
          Map.entry(40, "NVFP4"));

  private final int number;
  private final int blockElements;
  private final int blockBytes;
  private final StoredType readAs;

  TensorType(int number, int blockElements, int blockBytes, StoredType readAs) {
    this.number = number;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
    this.readAs = readAs;
  }

  /** The type of a number in the format; null where it is not read. */
  static @Nullable TensorType find(int number) {
    return Arrays.stream(ALL).filter(type -> type.number == number).findFirst().orElse(null);
  }

  /** What the format calls a type that is not read. */
  static String nameOf(int number) {
    return OTHERS.getOrDefault(number, "number " + Integer.toUnsignedString(number));
  }

  static List<String> names() {
    return Arrays.stream(ALL).map(TensorType::name).toList();
  }

  int blockElements() {
    return blockElements;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** The type of what comes out of {@link Blocks#decode}. */
  StoredType readAs() {
    return readAs;
  }

  /** Whether it is read as it is. */
  boolean plain() {
    return blockElements == 1;
  }
}
