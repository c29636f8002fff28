// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.ndarray.types.Shape;
import dev.w2s.model.files.Checkpoint;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.files.StoredType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads stored tensors a megabyte of rows at a time: beside the weights themselves a load needs one
 * small buffer, and a 16-bit model never stands in memory as float32.
 */
final class TensorChunks {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Checkpoint file;
  private ByteBuffer stored = direct(0);

  TensorChunks(Checkpoint file) {
    this.file = file;
  }

  /** Takes the rows of a tensor. */
  @FunctionalInterface
  interface Target {
    /**
     * Takes some rows.
     *
     * @param chunk a direct buffer of F32, F16 or BF16 by {@code type}; not to be kept
     * @param at the first row's number in the tensor
     * @return false if a value is not finite
     */
    boolean take(ByteBuffer chunk, StoredType type, Shape shape, long at);
  }

  /**
   * Hands over all rows of a tensor of one or two dimensions, F32, F16 or BF16.
   *
   * @throws InvalidModelException if a value is not finite, or the file cannot be read
   */
  void forEach(StoredTensor tensor, Target target) {
    long rows = tensor.shape().get(0);
    boolean vector = tensor.shape().size() == 1;
    long columns = vector ? 1 : tensor.shape().get(1);
    long rowBytes = columns * tensor.type().bits() / 8;
    long most = Math.max(1, CHUNK_BYTES / rowBytes);
    for (long at = 0; at < rows; at += most) {
      int count = (int) Math.min(most, rows - at);
      stored = reuse(stored, Math.toIntExact(count * rowBytes));
      file.read(tensor, at * rowBytes, stored);
      Shape shape = vector ? new Shape(count) : new Shape(count, columns);
      if (!target.take(stored.flip(), tensor.type(), shape, at)) {
        throw InvalidModelException.in(
            file.fileOf(tensor),
            "tensor %s holds a value that is not finite".formatted(tensor.name()));
      }
    }
  }

  private static ByteBuffer reuse(ByteBuffer buffer, int bytes) {
    return buffer.capacity() < bytes ? direct(bytes) : buffer.clear().limit(bytes);
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
