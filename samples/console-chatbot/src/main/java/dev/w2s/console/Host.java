// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import dev.w2s.console.setup.Environment;
import dev.w2s.console.terminal.Console;
import dev.w2s.console.terminal.ConsoleOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the program runs in.
 *
 * @param environment its variables
 * @param out standard output
 * @param err standard error
 * @param terminal opens what people write in
 */
record Host(Environment environment, PrintWriter out, PrintWriter err, Opener terminal) {

  /** Opens a console. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens it.
     *
     * @param commands what a command may begin with
     * @throws IOException if there is none
     */
    Console open(ConsoleOptions options, Environment environment, Supplier<List<String>> commands)
        throws IOException;
  }
}
