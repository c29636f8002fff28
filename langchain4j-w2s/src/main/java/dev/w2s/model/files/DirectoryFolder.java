// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model's directory.
 *
 * @param path where its files are
 */
record DirectoryFolder(Path path) implements ModelFolder {

  @Override
  public Path file(String name) {
    return path.resolve(name);
  }

  /** A link that leads nowhere is there and cannot be read. */
  @Override
  public byte @Nullable [] find(String name) {
    Path file = file(name);
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? PlainFiles.read(file) : null;
  }

  @Override
  public boolean holdsAny(String folder, String ending) {
    Path place = path.resolve(folder);
    if (!Files.isDirectory(place)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place, "*" + ending)) {
      return files.iterator().hasNext();
    } catch (IOException e) {
      throw InvalidModelException.unreadable(place, e);
    }
  }
}
