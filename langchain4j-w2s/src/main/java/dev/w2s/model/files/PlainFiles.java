// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What every file of a model's directory must be before its content is looked at. */
public final class PlainFiles {
  private static final byte[] LFS_POINTER =
      "version https://git-lfs.github.com/spec/".getBytes(US_ASCII);

  /** As many bytes as tell a pointer from a file. */
  public static final int LFS_POINTER_BYTES = LFS_POINTER.length;

  private PlainFiles() {}

  /**
   * The bytes of a file.
   *
   * @throws InvalidModelException if it is missing, no file, or may not be read
   */
  public static byte[] read(Path file) {
    checkRegular(file);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw InvalidModelException.unreadable(file, e);
    }
  }

  /** Refuses what is no file; a pipe or a directory would otherwise fail in words of its own. */
  static void checkRegular(Path file) {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      throw InvalidModelException.unreadable(file, e);
    }
    if (attributes.isDirectory()) {
      throw InvalidModelException.in(file, "is a directory; a file is needed");
    }
    if (!attributes.isRegularFile()) {
      throw InvalidModelException.in(file, "is not a regular file");
    }
  }

  /** Refuses the few lines of text that a clone without Git LFS leaves in a large file's place. */
  public static void refuseLfsPointer(Path file, ByteBuffer start) {
    if (start.remaining() >= LFS_POINTER.length
        && start.slice(start.position(), LFS_POINTER.length).equals(ByteBuffer.wrap(LFS_POINTER))) {
      throw InvalidModelException.in(
          file, "is a Git LFS pointer, not the file itself; 'git lfs pull' fetches the file");
    }
  }
}
