// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message is all that its user needs. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandException(String message) {
    this(message, null);
  }

  CommandException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
