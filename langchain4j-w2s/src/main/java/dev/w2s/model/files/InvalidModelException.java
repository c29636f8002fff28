// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

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
}
