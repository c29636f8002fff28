// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.io.PrintWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where people write and read. */
public interface Console extends AutoCloseable {

  /** The next message or command, lines that belong together as one; null at the end. */
  @Nullable String read();

  /** Where text goes. */
  PrintWriter out();

  /** Where errors go. */
  PrintWriter err();

  /** Columns of the terminal; 0 where lines have no end. */
  int width();

  /** Whether colours are seen. */
  boolean coloured();

  /** Whether somebody sits in front of it. */
  boolean interactive();

  /**
   * Does some work, during which Ctrl-C does the action in place of ending the program.
   *
   * @return what the work gives
   */
  <T> T interruptible(Runnable action, Supplier<T> work);

  @Override
  default void close() {}
}
