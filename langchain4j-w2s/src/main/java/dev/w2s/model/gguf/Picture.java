// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.files.StoredType;
import java.util.List;

/**
 * A tensor of the model and how it comes out of one of the file.
 *
 * @param tensor the model's
 * @param source the file's
 * @param order of the source's rows
 * @param transposed whether the source's rows are the tensor's columns; the order is then as stored
 * @param shift added to every element, in float32
 */
record Picture(
    StoredTensor tensor, GgufTensor source, RowOrder order, boolean transposed, float shift) {

  /**
   * A tensor of the model.
   *
   * @param name the model's name for it
   */
  static Picture of(
      String name, GgufTensor source, RowOrder order, boolean transposed, float shift) {
    StoredType type = shift == 0 ? source.type().readAs() : StoredType.F32;
    List<Long> shape = source.shape();
    List<Long> own = transposed ? List.of(shape.get(1), shape.get(0)) : shape;
    long bytes = source.elements() * type.bits() / Byte.SIZE;
    StoredTensor tensor = new StoredTensor(name, type, own, 0, bytes);
    return new Picture(tensor, source, order, transposed, shift);
  }

  /** Bytes of an element of the tensor. */
  int elementBytes() {
    return tensor.type().bits() / Byte.SIZE;
  }

  /** Elements that stand side by side in both, whatever the order of the rows. */
  long rowElements() {
    return source.shape().size() == 1 ? 1 : source.columns();
  }
}
