// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import dev.w2s.cli.io.Arguments.NotUtf8Exception;
import dev.w2s.shell.OutputClosedException;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells of what went wrong: one line on standard error, and the stack behind it on request.
 *
 * @param err where to
 * @param debug whether the stack is wanted
 */
record Failures(PrintWriter err, BooleanSupplier debug) {

  /** An error while a command ran. */
  int error(Throwable e) {
    if (e instanceof OutputClosedException closed && closed.brokenPipe()) {
      return CommandLine.ExitCode.OK;
    }
    err.println("w2s: " + message(e));
    return finish(e, CommandLine.ExitCode.SOFTWARE);
  }

  /** A call that is not understood. */
  int usage(ParameterException e) {
    err.println("w2s: " + oneLine(String.valueOf(e.getMessage())));
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return finish(e, CommandLine.ExitCode.USAGE);
  }

  /** A call that is not even text. */
  int usage(NotUtf8Exception e) {
    err.println("w2s: " + e.getMessage());
    return finish(e, CommandLine.ExitCode.USAGE);
  }

  private int finish(Throwable e, int code) {
    if (debug.getAsBoolean()) {
      e.printStackTrace(err);
    }
    err.flush();
    return code;
  }

  private static String message(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return "out of memory: " + oneLine(String.valueOf(e.getMessage()));
    }
    String message = e.getMessage();
    // An error's message (a class's name, say) seldom tells what kind of error it is.
    return oneLine(message == null || e instanceof Error ? e.toString() : message);
  }

  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
