// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import java.util.List;

/**
 * A tensor as a GGUF file has it.
 *
 * @param name its name in the file
 * @param type of its elements
 * @param shape its dimensions, the last of which varies fastest: reversed against the file
 * @param start of its first byte in the file
 */
record GgufTensor(String name, TensorType type, List<Long> shape, long start) {

  GgufTensor {
    shape = List.copyOf(shape);
  }

  /** Elements of a row; rows are whole blocks. */
  long columns() {
    return shape.get(shape.size() - 1);
  }

  long elements() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  long bytes() {
    return elements() / type.blockElements() * type.blockBytes();
  }
}
