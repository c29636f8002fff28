// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * A safetensors file, read through memory maps. Files may be larger than 2 GiB: windows are mapped
 * as they are read and unmapped at once, so that a load never holds the file beside the weights.
 *
 * <p>Native code is never given a map: a file that shrinks under one would kill the JVM there,
 * while Java gets an error that is reported.
 */
public final class SafetensorsFile implements AutoCloseable {
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
    long length;
    try (MappedWindow window = map(0, SafetensorsHeader.LENGTH_BYTES)) {
      length = SafetensorsHeader.checkedLength(file, window.bytes().getLong(0), fileBytes);
    }
    dataStart = SafetensorsHeader.LENGTH_BYTES + length;
    try (MappedWindow window = map(SafetensorsHeader.LENGTH_BYTES, length)) {
      tensors = SafetensorsHeader.parse(file, window.bytes(), fileBytes - dataStart);
    }
  }

  /**
   * Opens a file and validates its header.
   *
   * @throws InvalidModelException if it is missing or breaks a rule of the format
   */
  public static SafetensorsFile open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw InvalidModelException.in(file, "no such file");
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new SafetensorsFile(file, channel);
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw InvalidModelException.in(file, "cannot be read", e);
    }
  }

  public Path file() {
    return file;
  }

  /** The tensors by name, in the order of their bytes. */
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /**
   * Copies a part of a tensor.
   *
   * @param from first byte, counted from the tensor's own first
   * @param target filled up to its limit; must not reach beyond the tensor
   */
  public void read(StoredTensor tensor, long from, ByteBuffer target) {
    long start = dataStart + tensor.begin() + from;
    try (MappedWindow window = map(start, target.remaining())) {
      target.put(window.bytes());
    } catch (IOException | InternalError e) {
      // InternalError is how the JVM reports that a mapped page has no file behind it any more.
      throw InvalidModelException.in(file, "cannot be read at byte " + start, e);
    }
  }

  private MappedWindow map(long start, long length) throws IOException {
    return MappedWindow.open(channel, start, length);
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
