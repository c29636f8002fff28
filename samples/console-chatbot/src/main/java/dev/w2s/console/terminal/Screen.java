// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.io.PrintWriter;
import java.util.List;

/** Writes to a console: wrapped, styled, and nothing that a terminal would obey but styles. */
public final class Screen {
  private final Console console;

  public Screen(Console console) {
    this.console = console;
  }

  /** Whether somebody sits in front of it. */
  public boolean interactive() {
    return console.interactive();
  }

  /** Columns; 0 where lines have no end. */
  public int width() {
    return console.width();
  }

  /** Text of its own, which ends with its line. */
  public void say(Style style, String text) {
    print(console.out(), style, text);
  }

  /** What went wrong. */
  public void error(String text) {
    print(console.err(), Style.ERROR, text);
  }

  private void print(PrintWriter to, Style style, String text) {
    List<String> lines = Wrap.lines(Untrusted.shown(text), console.width());
    for (String line : lines.isEmpty() ? List.of("") : lines) {
      to.println(style.on(line, console.coloured()));
    }
    to.flush();
  }

  /** One line, cut where the terminal ends. */
  public void line(Style style, String text) {
    String shown = Untrusted.shown(text).replace('\n', ' ');
    int width = console.width();
    console
        .out()
        .println(style.on(width == 0 ? shown : Width.cut(shown, width), console.coloured()));
    console.out().flush();
  }

  /** Two texts beside each other, or below where it is narrow; of each the title first. */
  public void columns(List<String> left, List<String> right) {
    Columns.of(shown(left), shown(right), console.width())
        .forEach(line -> console.out().println(line));
    console.out().flush();
  }

  private static List<String> shown(List<String> texts) {
    return texts.stream().map(Untrusted::shown).toList();
  }

  /** Text that comes in pieces. */
  public Flow flow(Style style) {
    return new Flow(style);
  }

  /** Text that comes in pieces, each written at once but for a word that is not whole. */
  public final class Flow {
    private final Style style;
    private final Wrap wrap = new Wrap(console.width());
    private boolean begun;

    private Flow(Style style) {
      this.style = style;
    }

    /** It goes on. */
    public void piece(String text) {
      String shown = Untrusted.shown(text);
      write(wrap.accept(begun ? shown : shown.stripLeading()));
      begun = begun || !shown.isBlank();
    }

    /** It is over; its line ends, if it has begun. */
    public void end() {
      write(wrap.finish());
      if (begun) {
        console.out().println();
      }
      console.out().flush();
    }

    private void write(String text) {
      console.out().print(style.on(text, console.coloured()));
      console.out().flush();
    }
  }
}
