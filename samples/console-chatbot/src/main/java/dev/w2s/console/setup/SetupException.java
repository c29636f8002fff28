// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import org.jspecify.annotations.Nullable;

/** Something cannot be loaded or reached; the message names what was set, and the rule. */
public final class SetupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SetupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
