// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An open file, read by position into the caller's buffers. A file that shrinks meanwhile is an
 * error, not the end of the process (as it may be under a memory map).
 */
public final class PositionedFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final long bytes;

  private PositionedFile(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    bytes = channel.size();
  }

  /**
   * Opens a file.
   *
   * @throws InvalidModelException if it is missing, no file, or may not be read
   */
  public static PositionedFile open(Path file) {
    PlainFiles.checkRegular(file);
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new PositionedFile(file, channel);
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw InvalidModelException.unreadable(file, e);
    }
  }

  /** Named in errors. */
  public Path file() {
    return file;
  }

  /** The file's size when it was opened. */
  public long bytes() {
    return bytes;
  }

  /**
   * Fills a buffer up to its limit.
   *
   * @param start of the first byte in the file
   * @throws InvalidModelException if the file cannot be read there
   */
  public void read(long start, ByteBuffer target) {
    long at = start;
    try {
      while (target.hasRemaining()) {
        int count = channel.read(target, at);
        if (count < 0) {
          throw new EOFException("the file ends at byte " + at);
        }
        at += count;
      }
    } catch (IOException e) {
      throw InvalidModelException.in(file, "cannot be read at byte " + start, e);
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
