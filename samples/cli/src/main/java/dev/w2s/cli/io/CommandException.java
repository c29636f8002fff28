// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message is all that its user needs. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandException(String message) {
    this(message, null);
  }

  public CommandException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
