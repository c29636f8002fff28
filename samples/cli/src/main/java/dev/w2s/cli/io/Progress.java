// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.io;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable TimeLeft timeLeft;
  private int done;
  private int drawn;

  private Progress(
      PrintWriter out,
      String label,
      int done,
      int total,
      boolean terminal,
      boolean log,
      @Nullable TimeLeft timeLeft) {
    this.out = out;
    this.label = label;
    this.done = done;
    this.total = Math.max(1, total);
    this.terminal = terminal;
    this.log = log;
    this.timeLeft = timeLeft;
    draw();
  }

  /** A bar on a terminal, nothing elsewhere. */
  public static Progress onTerminal(PrintWriter out, String label, int total) {
    return new Progress(out, label, 0, total, isTerminal(), false, null);
  }

  /** A bar on a terminal, a few lines elsewhere. */
  public static Progress always(PrintWriter out, String label, int total) {
    return new Progress(out, label, 0, total, isTerminal(), true, null);
  }

  public static Progress of(
      PrintWriter out, String label, int total, boolean terminal, boolean log) {
    return new Progress(out, label, 0, total, terminal, log, null);
  }

  /**
   * A bar with the time left, of what may have been begun before; a few lines elsewhere.
   *
   * @param done steps that were done before
   */
  public static Progress timed(PrintWriter out, String label, int done, int total) {
    TimeLeft left = new TimeLeft(System::nanoTime, done, total);
    return new Progress(out, label, done, total, isTerminal(), true, left);
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
      out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
      out.flush();
      drawn = line.length();
    }
  }

  private String line() {
    int filled = (int) ((long) done * WIDTH / total);
    String bar =
        String.format(
            Locale.ROOT,
            "%s [%s%s] %3d %%",
            label,
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            (int) (100L * done / total));
    return timeLeft == null ? bar : bar + timeLeft.after(done);
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
