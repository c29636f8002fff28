// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.PositionedFile;
import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.files.StoredType;
import dev.w2s.testkit.GoldenFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors come out as the model has them, in whatever pieces they are read. */
class GgufWeightsTest {
  private static final Path BLOCKS = GoldenFiles.directory("gguf").resolve("blocks.gguf");

  private static GgufWeights weights(String name, RowOrder order, boolean transposed, float shift) {
    PositionedFile channel = PositionedFile.open(BLOCKS);
    GgufTensor source = GgufHeader.read(channel).tensors().get(name);
    assertThat(source).as(name).isNotNull();
    return new GgufWeights(channel, Map.of("w", Picture.of("w", source, order, transposed, shift)));
  }

  private static StoredTensor tensor(GgufWeights weights) {
    StoredTensor tensor = weights.tensors().get("w");
    assertThat(tensor).isNotNull();
    return tensor;
  }

  /** The whole tensor, read in pieces. */
  private static ByteBuffer read(GgufWeights weights, int piece) {
    StoredTensor tensor = tensor(weights);
    ByteBuffer all = ByteBuffer.allocate((int) tensor.end()).order(ByteOrder.LITTLE_ENDIAN);
    while (all.hasRemaining()) {
      int count = Math.min(piece, all.remaining());
      ByteBuffer part = ByteBuffer.allocateDirect(count + 8).position(4).limit(4 + count);
      weights.read(tensor, all.position(), part);
      assertThat(part.hasRemaining()).isFalse();
      all.put(part.position(4));
    }
    return all.flip();
  }

  private static float number(ByteBuffer values, int index, StoredType type) {
    return switch (type) {
      case F16 -> Half.toFloat(values.getShort(2 * index));
      case BF16 -> Float.intBitsToFloat(values.getShort(2 * index) << 16);
      default -> values.getFloat(4 * index);
    };
  }

  /** Scales at the edges of float16 among them; the bits are those of the reference. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void numbersAreThoseOfTheReference(TensorType type) {
    try (GgufWeights weights = weights(type.name(), RowOrder.AS_STORED, false, 0);
        GgufWeights expected = weights(type + ".numbers", RowOrder.AS_STORED, false, 0)) {
      StoredTensor tensor = tensor(weights);
      ByteBuffer values = read(weights, 64);
      assertThat(read(weights, 1 << 20)).as("block by block, and all at once").isEqualTo(values);
      ByteBuffer numbers = read(expected, 1 << 20);
      int count = numbers.limit() / 4;
      assertThat(values.limit()).isEqualTo(count * tensor.type().bits() / 8);
      for (int i = 0; i < count; i++) {
        assertThat(Float.floatToIntBits(number(values, i, tensor.type())))
            .as("element %d", i)
            .isEqualTo(Float.floatToIntBits(numbers.getFloat(4 * i)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 12, 200, 1 << 20})
  void transposedTensorsAreReadInAnyPieces(int piece) {
    try (GgufWeights plain = weights("Q5_1", RowOrder.AS_STORED, false, 0);
        GgufWeights turned = weights("Q5_1", RowOrder.AS_STORED, true, 0)) {
      int columns = tensor(plain).shape().get(1).intValue();
      assertThat(tensor(turned).shape()).containsExactly((long) columns, 2L);
      ByteBuffer rows = read(plain, 1 << 20);
      ByteBuffer values = read(turned, piece);
      for (int row = 0; row < 2; row++) {
        for (int column = 0; column < columns; column++) {
          assertThat(values.getFloat(4 * (2 * column + row)))
              .isEqualTo(rows.getFloat(4 * (columns * row + column)));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 12, 600, 1 << 20})
  void rowsAreReadInTheModelsOrder(int piece) {
    try (GgufWeights plain = weights("F16", RowOrder.AS_STORED, false, 0);
        GgufWeights swapped = weights("F16", row -> 1 - row, false, 0)) {
      ByteBuffer rows = read(plain, 1 << 20);
      ByteBuffer values = read(swapped, piece);
      int half = rows.limit() / 2;
      assertThat(values.slice(0, half)).isEqualTo(rows.slice(half, half));
      assertThat(values.slice(half, half)).isEqualTo(rows.slice(0, half));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16", "Q8_0"})
  void shiftedNumbersAreFloat32(TensorType type) {
    try (GgufWeights weights = weights(type.name(), RowOrder.AS_STORED, false, -1);
        GgufWeights expected = weights(type + ".numbers", RowOrder.AS_STORED, false, 0)) {
      assertThat(tensor(weights).type()).isEqualTo(StoredType.F32);
      ByteBuffer values = read(weights, 100);
      ByteBuffer numbers = read(expected, 1 << 20);
      for (int at = 0; at < values.limit(); at += 4) {
        assertThat(values.getFloat(at)).isEqualTo(numbers.getFloat(at) - 1);
      }
    }
  }

  @Test
  void partsOfElementsAreNotRead() {
    try (GgufWeights weights = weights("Q8_0", RowOrder.AS_STORED, false, 0)) {
      StoredTensor tensor = tensor(weights);
      assertThatThrownBy(() -> weights.read(tensor, 2, ByteBuffer.allocate(4)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> weights.read(tensor, 0, ByteBuffer.allocate(3)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Worked out by hand for heads of four rows. */
  @Test
  void rotaryPairsAreHalvesInTheModel() {
    RowOrder order = RowOrder.rotaryPairs(4);
    assertThat(LongStream.range(0, 8).map(order::stored))
        .containsExactly(0L, 2L, 1L, 3L, 4L, 6L, 5L, 7L);
  }

  /** Two heads of one row: q q, k k, v v in the file, q k v, q k v in the model. */
  @Test
  void headsHaveTheirQueriesKeysAndValuesTogether() {
    RowOrder order = RowOrder.headByHead(2, 1);
    assertThat(LongStream.range(0, 6).map(order::stored)).containsExactly(0L, 2L, 4L, 1L, 3L, 5L);
    RowOrder wide = RowOrder.headByHead(2, 2);
    assertThat(LongStream.range(0, 12).map(wide::stored))
        .as("of two rows")
        .containsExactly(0L, 1L, 4L, 5L, 8L, 9L, 2L, 3L, 6L, 7L, 10L, 11L);
  }
}
