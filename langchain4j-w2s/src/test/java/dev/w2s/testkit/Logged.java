// SPDX-License-Identifier: Apache-2.0
package dev.w2s.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** What is logged, which the tests' logger writes to the standard error stream. */
public final class Logged {
  private Logged() {}

  /** The lines that are logged meanwhile. */
  public static List<String> during(Runnable calls) {
    PrintStream err = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, UTF_8));
    try {
      calls.run();
    } finally {
      System.setErr(err);
    }
    return logged.toString(UTF_8).lines().toList();
  }
}
