// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import dev.w2s.shell.OutputClosedException;
import java.io.PrintWriter;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells of what went wrong: one line on standard error.
 *
 * @param err where to
 */
record Failures(PrintWriter err) {

  /** While it ran. */
  int error(Throwable failure) {
    if (failure instanceof OutputClosedException) {
      return ExitCode.OK; // who reads has seen enough
    }
    String message = failure.getMessage();
    tell(message == null || failure instanceof Error ? failure.toString() : message);
    return ExitCode.SOFTWARE;
  }

  /** A call that is not understood. */
  int usage(ParameterException failure) {
    tell(String.valueOf(failure.getMessage()));
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try --help.");
    err.flush();
    return ExitCode.USAGE;
  }

  /** Servers write some of it: what a terminal would obey is left out. */
  private void tell(String message) {
    String line = message.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
    err.println("console-chatbot: " + line);
    err.flush();
  }
}
