// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Without a terminal: lines come from a pipe or a file, and plain text goes to one. */
public final class PipedConsole implements Console {
  private static final int SECONDS_TO_END = 30;

  private final BufferedReader in;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean echo;

  /**
   * @param echo whether what is read is repeated behind a prompt, so that a conversation can be
   *     read
   */
  public PipedConsole(Reader in, PrintWriter out, PrintWriter err, boolean echo) {
    this.in = new BufferedReader(in);
    this.out = out;
    this.err = err;
    this.echo = echo;
  }

  @Override
  public @Nullable String read() {
    String line = line("> ");
    if (line == null) {
      return null;
    }
    StringBuilder message = new StringBuilder(line);
    while (Lines.goesOn(message)) {
      String next = line("… ");
      if (next == null) {
        break;
      }
      message.append('\n').append(next);
    }
    return Lines.joined(message.toString());
  }

  private @Nullable String line(String prompt) {
    try {
      String line = in.readLine();
      if (echo && line != null) {
        out.println(prompt + Untrusted.shown(line));
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("standard input: " + e.getMessage(), e);
    }
  }

  @Override
  public PrintWriter out() {
    return out;
  }

  @Override
  public PrintWriter err() {
    return err;
  }

  @Override
  public int width() {
    return 0;
  }

  @Override
  public boolean coloured() {
    return false;
  }

  @Override
  public boolean interactive() {
    return false;
  }

  /** The process ends all the same, but not before what came of the answer is written. */
  @Override
  public <T> T interruptible(Runnable action, Supplier<T> work) {
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> interrupted(action, done), "interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.get();
    } finally {
      out.flush();
      done.countDown();
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is on its way out, which is what the hook was for.
      assert hook.isAlive() || hook.getState() == Thread.State.TERMINATED;
    }
  }

  private static void interrupted(Runnable action, CountDownLatch done) {
    action.run();
    try {
      done.await(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
