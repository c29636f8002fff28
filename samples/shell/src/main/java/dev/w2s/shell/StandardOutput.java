// SPDX-License-Identifier: Apache-2.0
package dev.w2s.shell;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output whose failures are not swallowed: a {@link java.io.PrintWriter} hides an {@link
 * IOException}, so that a command would go on working for a reader that has left.
 */
public final class StandardOutput extends OutputStream {
  private final OutputStream target;

  public StandardOutput(OutputStream target) {
    this.target = target;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    try {
      target.write(bytes, from, length);
    } catch (IOException e) {
      throw new OutputClosedException(e);
    }
  }

  @Override
  public void flush() {
    try {
      target.flush();
    } catch (IOException e) {
      throw new OutputClosedException(e);
    }
  }
}
