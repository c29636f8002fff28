// SPDX-License-Identifier: Apache-2.0
package dev.w2s.shell;

import java.io.IOException;
import java.util.Locale;

/** Standard output takes no more. */
public final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean brokenPipe;

  public OutputClosedException(IOException cause) {
    super("standard output: " + cause.getMessage(), cause);
    String message = cause.getMessage();
    // "Broken pipe" on Unix, "The pipe is being closed" or "has been ended" on Windows.
    brokenPipe = message != null && message.toLowerCase(Locale.ROOT).contains("pipe");
  }

  /** Whether the reader has simply left, as {@code head} does; no error of ours. */
  public boolean brokenPipe() {
    return brokenPipe;
  }
}
