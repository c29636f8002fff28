// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * A safetensors file, read by position into the caller's buffers, so that a load never holds the
 * file beside the weights and a file that shrinks meanwhile is an error, not the end of the process
 * (as it may be under a memory map).
 */
public final class SafetensorsFile implements TensorFile {
  private final Path file;
  private final FileChannel channel;
  private final Map<String, StoredTensor> tensors;
  private final long dataStart;

  private SafetensorsFile(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    long fileBytes = channel.size();
    if (fileBytes < SafetensorsHeader.LENGTH_BYTES) {
      throw InvalidModelException.in(
          file, "has " + fileBytes + " bytes; a safetensors file starts with 8 bytes of length");
    }
    ByteBuffer start = readBytes(0, (int) Math.min(fileBytes, PlainFiles.LFS_POINTER_BYTES));
    PlainFiles.refuseLfsPointer(file, start);
    long length = SafetensorsHeader.checkedLength(file, start.getLong(), fileBytes);
    dataStart = SafetensorsHeader.LENGTH_BYTES + length;
    ByteBuffer header = readBytes(SafetensorsHeader.LENGTH_BYTES, Math.toIntExact(length));
    tensors = SafetensorsHeader.parse(file, header, fileBytes - dataStart);
  }

  /**
   * Opens a file and validates its header.
   *
   * @throws InvalidModelException if it is missing, may not be read, or breaks a rule of the format
   */
  public static SafetensorsFile open(Path file) {
    PlainFiles.checkRegular(file);
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new SafetensorsFile(file, channel);
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw InvalidModelException.unreadable(file, e);
    }
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public void read(StoredTensor tensor, long from, ByteBuffer target) {
    long start = dataStart + tensor.begin() + from;
    try {
      fill(target, start);
    } catch (IOException e) {
      throw InvalidModelException.in(file, "cannot be read at byte " + start, e);
    }
  }

  private ByteBuffer readBytes(long start, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    fill(bytes, start);
    return bytes.flip();
  }

  private void fill(ByteBuffer target, long start) throws IOException {
    long at = start;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new EOFException("the file ends at byte " + at);
      }
      at += count;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw InvalidModelException.in(file, "cannot be closed", e);
    }
  }
}
