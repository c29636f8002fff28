// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * A call of the command line within this JVM.
 *
 * @param code the exit code
 * @param out what it printed
 * @param err what it printed to standard error
 */
record Call(int code, String out, String err) {

  static Call of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err, true), args);
    return new Call(code, out.toString(), err.toString());
  }

  List<String> outLines() {
    return out.lines().toList();
  }

  List<String> errLines() {
    return err.lines().toList();
  }
}
