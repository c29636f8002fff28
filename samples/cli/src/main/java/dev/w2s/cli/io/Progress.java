// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * A progress bar. On a terminal one line is drawn over and over; elsewhere, in a log, a line is
 * written at every tenth of the way, or none at all.
 */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final int LOG_LINES = 10;

  private final PrintWriter out;
  private final String label;
  private final int total;
  private final boolean terminal;
  private final boolean log;
  private int done;
  private int drawn;

  private Progress(PrintWriter out, String label, int total, boolean terminal, boolean log) {
    this.out = out;
    this.label = label;
    this.total = Math.max(1, total);
    this.terminal = terminal;
    this.log = log;
    draw();
  }

  /** A bar on a terminal, nothing elsewhere. */
  public static Progress onTerminal(PrintWriter out, String label, int total) {
    return new Progress(out, label, total, isTerminal(), false);
  }

  /** A bar on a terminal, a few lines elsewhere. */
  public static Progress always(PrintWriter out, String label, int total) {
    return new Progress(out, label, total, isTerminal(), true);
  }

  public static Progress of(
      PrintWriter out, String label, int total, boolean terminal, boolean log) {
    return new Progress(out, label, total, terminal, log);
  }

  /** Holds on every JDK because the program asks for the console that is null elsewhere. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null;
  }

  /** One step more is done. */
  public void step() {
    int before = done;
    done = Math.min(total, done + 1);
    if (terminal) {
      draw();
    } else if (log && tenths(done) > tenths(before)) {
      out.println(line());
      out.flush();
    }
  }

  private int tenths(int steps) {
    return (int) ((long) steps * LOG_LINES / total);
  }

  private void draw() {
    if (terminal) {
      String line = line();
      out.print("\r" + line);
      out.flush();
      drawn = line.length();
    }
  }

  private String line() {
    int filled = (int) ((long) done * WIDTH / total);
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3d %%",
        label,
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        (int) (100L * done / total));
  }

  /** Wipes the bar, so that what is printed next starts on a clean line; a step draws it again. */
  public void wipe() {
    if (terminal) {
      out.print("\r" + " ".repeat(drawn) + "\r");
      out.flush();
    }
  }

  @Override
  public void close() {
    wipe();
  }
}
