// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.w2s.console.setup.Environment;
import dev.w2s.console.terminal.Console;
import dev.w2s.console.terminal.ConsoleOptions;
import dev.w2s.console.terminal.JLineConsole;
import dev.w2s.console.terminal.PipedConsole;
import dev.w2s.shell.StandardOutput;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

/** The process itself. Text in and out is UTF-8 whatever the platform's encoding is. */
final class SystemHost {
  private final PrintWriter out =
      utf8(new StandardOutput(new FileOutputStream(FileDescriptor.out)));
  private final PrintWriter err = utf8(new FileOutputStream(FileDescriptor.err));

  private static PrintWriter utf8(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, UTF_8), /* autoFlush= */ true);
  }

  Host host() {
    return new Host(System::getenv, out, err, this::open);
  }

  @SuppressWarnings(
      "SystemConsoleNull") // main asks for the console that is null without a terminal
  private Console open(
      ConsoleOptions options, Environment environment, Supplier<List<String>> commands)
      throws IOException {
    if (System.console() == null) {
      return new PipedConsole(
          new InputStreamReader(new FileInputStream(FileDescriptor.in), UTF_8),
          out,
          err,
          options.echo());
    }
    boolean coloured = !options.noColor() && environment.get("NO_COLOR") == null;
    return new JLineConsole(JLineConsole.system(), coloured, options.history(), commands);
  }
}
