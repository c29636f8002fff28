// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/**
 * A safetensors file, read by position into the caller's buffers, so that a load never holds the
 * file beside the weights.
 */
public final class SafetensorsFile implements TensorFile {
  private final PositionedFile file;
  private final Map<String, StoredTensor> tensors;
  private final long dataStart;

  private SafetensorsFile(PositionedFile opened) {
    file = opened;
    Path path = opened.file();
    if (opened.bytes() < SafetensorsHeader.LENGTH_BYTES) {
      throw InvalidModelException.in(
          path,
          "has " + opened.bytes() + " bytes; a safetensors file starts with 8 bytes of length");
    }
    ByteBuffer start = readBytes(0, (int) Math.min(opened.bytes(), PlainFiles.LFS_POINTER_BYTES));
    PlainFiles.refuseLfsPointer(path, start);
    long length = SafetensorsHeader.checkedLength(path, start.getLong(), opened.bytes());
    dataStart = SafetensorsHeader.LENGTH_BYTES + length;
    ByteBuffer header = readBytes(SafetensorsHeader.LENGTH_BYTES, Math.toIntExact(length));
    tensors = SafetensorsHeader.parse(path, header, opened.bytes() - dataStart);
  }

  /**
   * Opens a file and validates its header.
   *
   * @throws InvalidModelException if it is missing, may not be read, or breaks a rule of the format
   */
  public static SafetensorsFile open(Path file) {
    PositionedFile opened = PositionedFile.open(file);
    try {
      return new SafetensorsFile(opened);
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public Path file() {
    return file.file();
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public void read(StoredTensor tensor, long from, ByteBuffer target) {
    file.read(dataStart + tensor.begin() + from, target);
  }

  private ByteBuffer readBytes(long start, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.read(start, bytes);
    return bytes.flip();
  }

  @Override
  public void close() {
    file.close();
  }
}
