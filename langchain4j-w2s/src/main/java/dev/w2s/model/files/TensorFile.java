// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** Named tensors in one file or in several, read by position into the caller's buffers. */
public interface TensorFile extends AutoCloseable {

  /** Named in errors about all of the tensors. */
  Path file();

  /** Named in errors about one of the tensors. */
  default Path fileOf(StoredTensor tensor) {
    return file();
  }

  /** The tensors by name, in the order of their bytes. */
  Map<String, StoredTensor> tensors();

  /**
   * Copies a part of a tensor.
   *
   * @param from first byte, counted from the tensor's own first
   * @param target filled up to its limit, little-endian; must not reach beyond the tensor
   * @throws InvalidModelException if the file cannot be read there
   */
  void read(StoredTensor tensor, long from, ByteBuffer target);

  @Override
  void close();
}
