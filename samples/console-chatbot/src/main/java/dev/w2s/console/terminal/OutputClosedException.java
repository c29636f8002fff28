// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.io.IOException;

/** Nobody reads any more. */
public final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputClosedException(IOException cause) {
    super("standard output: " + cause.getMessage(), cause);
  }
}
