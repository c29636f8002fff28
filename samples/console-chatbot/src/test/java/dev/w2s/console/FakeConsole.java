// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import dev.w2s.console.terminal.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** A terminal without colours whose lines are given, and which Ctrl-C may reach on the way. */
public final class FakeConsole implements Console {
  private final StringWriter out = new StringWriter();
  private final PrintWriter writer = new PrintWriter(out);
  private final Deque<String> lines;
  private final int width;
  private boolean interruptNext;

  public FakeConsole(int width, String... lines) {
    this.width = width;
    this.lines = new ArrayDeque<>(List.of(lines));
  }

  /** Ctrl-C comes with the next answer. */
  public void interruptNext() {
    interruptNext = true;
  }

  /** What was written since the last call. */
  public List<String> written() {
    writer.flush();
    List<String> written = out.toString().lines().toList();
    out.getBuffer().setLength(0);
    return written;
  }

  @Override
  public String read() {
    return lines.poll();
  }

  @Override
  public PrintWriter out() {
    return writer;
  }

  @Override
  public PrintWriter err() {
    return writer;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public boolean coloured() {
    return false;
  }

  @Override
  public boolean interactive() {
    return true;
  }

  @Override
  public <T> T interruptible(Runnable action, Supplier<T> work) {
    if (interruptNext) {
      interruptNext = false;
      action.run();
    }
    return work.get();
  }
}
