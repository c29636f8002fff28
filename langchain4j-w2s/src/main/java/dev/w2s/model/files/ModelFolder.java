// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The small files of a model, which say what it is and how its tokenizer works. They stand in a
 * directory, or are made of what another format says in their place.
 */
public interface ModelFolder {

  /** A directory as it lies on disk. */
  static ModelFolder of(Path directory) {
    return new DirectoryFolder(directory);
  }

  /** Where it is. */
  Path path();

  /** What stands for a file in errors. */
  Path file(String name);

  /**
   * The bytes of a file.
   *
   * @return null where there is none
   * @throws InvalidModelException if it is there and cannot be read
   */
  byte @Nullable [] find(String name);

  /** Whether a folder within holds any file whose name ends so. */
  boolean holdsAny(String folder, String ending);

  /**
   * A JSON object that must be there.
   *
   * @throws InvalidModelException if it is missing, cannot be read, or is no JSON object
   */
  default JsonFile json(String name) {
    byte[] bytes = find(name);
    if (bytes == null) {
      throw new InvalidModelException(file(name) + ": no such file");
    }
    return JsonFile.parse(file(name), bytes);
  }

  /**
   * A JSON object, empty where the file is absent.
   *
   * @throws InvalidModelException if it is there and cannot be read, or is no JSON object
   */
  default JsonFile jsonOrEmpty(String name) {
    byte[] bytes = find(name);
    return bytes == null ? JsonFile.empty(file(name)) : JsonFile.parse(file(name), bytes);
  }

  /**
   * The text of a UTF-8 file.
   *
   * @return null where there is none
   * @throws InvalidModelException if it is there and cannot be read or is not UTF-8
   */
  default @Nullable String text(String name) {
    byte[] bytes = find(name);
    if (bytes == null) {
      return null;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw InvalidModelException.in(file(name), "is not UTF-8", e);
    }
  }

  /** Whether both have a file, byte for byte the same, or both have none. */
  default boolean sameFile(ModelFolder other, String name) {
    return Arrays.equals(find(name), other.find(name));
  }
}
