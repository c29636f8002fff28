// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A model's files are missing, damaged, or say something this library cannot run. The message names
 * the file, the value and the rule it breaks.
 */
public class InvalidModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, naming the file or reference
   */
  public InvalidModelException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, naming the file or reference
   * @param cause the error below it
   */
  public InvalidModelException(String message, Throwable cause) {
    super(message, cause);
  }

  public static InvalidModelException in(Path file, String problem) {
    return new InvalidModelException(file + ": " + problem);
  }

  public static InvalidModelException in(Path file, String problem, Throwable cause) {
    return new InvalidModelException(file + ": " + problem + ": " + cause.getMessage(), cause);
  }

  /** A file that cannot be read: says why in words, since Java's messages are often the path. */
  public static InvalidModelException unreadable(Path file, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new InvalidModelException(file + ": " + absence(file), cause);
    }
    if (cause instanceof AccessDeniedException) {
      return new InvalidModelException(file + ": permission denied", cause);
    }
    return in(file, "cannot be read", cause);
  }

  /** A folder of links, as hubs keep them, may have lost what they lead to. */
  private static String absence(Path file) {
    try {
      return Files.isSymbolicLink(file)
          ? "is a link to %s, which leads nowhere".formatted(Files.readSymbolicLink(file))
          : "no such file";
    } catch (IOException e) {
      return "no such file";
    }
  }
}
