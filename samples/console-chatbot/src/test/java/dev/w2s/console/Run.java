// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import dev.w2s.console.terminal.PipedConsole;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;

/**
 * One run of the program without a terminal.
 *
 * @param code its exit code
 * @param out standard output
 * @param err standard error
 */
record Run(int code, String out, String err) {

  static Run of(Map<String, String> environment, String input, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PrintWriter outWriter = new PrintWriter(out, true);
    PrintWriter errWriter = new PrintWriter(err, true);
    Host host =
        new Host(
            environment::get,
            outWriter,
            errWriter,
            (options, variables, commands) ->
                new PipedConsole(new StringReader(input), outWriter, errWriter, options.echo()));
    int code = Main.run(host, args);
    outWriter.flush();
    errWriter.flush();
    return new Run(code, out.toString(), err.toString());
  }
}
