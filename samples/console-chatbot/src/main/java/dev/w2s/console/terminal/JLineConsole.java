// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jline.keymap.KeyMap;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.Widget;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** A terminal: history, editing, several lines, Ctrl-C that clears the line or stops an answer. */
public final class JLineConsole implements Console {
  private static final int USUAL_WIDTH = 80;

  private final Terminal terminal;
  private final LineReader reader;
  private final boolean coloured;

  /**
   * @param terminal closed with it
   * @param coloured whether colours are wanted
   * @param history file that keeps it; null for this conversation only
   * @param words what a line that begins with a slash may begin with
   */
  public JLineConsole(
      Terminal terminal, boolean coloured, @Nullable Path history, Supplier<List<String>> words) {
    this.terminal = terminal;
    this.coloured = coloured && !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(new MessageParser())
            .completer((line, parsed, found) -> complete(parsed, words.get(), found))
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "… ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    reader = builder.build();
    Objects.requireNonNull(reader.getKeyMaps().get(LineReader.EMACS))
        .bind(new Reference(NewLine.NAME), KeyMap.alt('\r'), KeyMap.alt('\n'));
    reader.getWidgets().put(NewLine.NAME, new NewLine(reader));
  }

  /**
   * The terminal that the program runs in.
   *
   * @throws IOException if there is none
   */
  public static Terminal system() throws IOException {
    return TerminalBuilder.builder()
        .system(true)
        .dumb(true)
        .encoding(StandardCharsets.UTF_8)
        .build();
  }

  private static void complete(ParsedLine line, List<String> words, List<Candidate> found) {
    if (line.line().startsWith("/") && line.wordIndex() == 0) {
      words.forEach(word -> found.add(new Candidate(word)));
    }
  }

  @Override
  public @Nullable String read() {
    terminal.handle(Signal.INT, signal -> {}); // between two answers there is nothing to stop
    @Nullable String line = null;
    while (line == null) {
      try {
        line = reader.readLine("> ");
      } catch (UserInterruptException e) {
        line = null; // cleared, and read anew
      } catch (EndOfFileException e) {
        return null;
      }
    }
    return Lines.joined(line);
  }

  @Override
  public PrintWriter out() {
    return terminal.writer();
  }

  @Override
  public PrintWriter err() {
    return terminal.writer();
  }

  @Override
  public int width() {
    int width = terminal.getColumns();
    return width > 0 ? width : USUAL_WIDTH;
  }

  @Override
  public boolean coloured() {
    return coloured;
  }

  @Override
  public boolean interactive() {
    return true;
  }

  @Override
  public <T> T interruptible(Runnable action, Supplier<T> work) {
    SignalHandler before = terminal.handle(Signal.INT, signal -> action.run());
    try {
      return work.get();
    } finally {
      terminal.handle(Signal.INT, before);
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("terminal: " + e.getMessage(), e);
    }
  }

  /** Alt-Enter: another line. */
  private record NewLine(LineReader reader) implements Widget {
    static final String NAME = "new-line";

    @Override
    public boolean apply() {
      reader.getBuffer().write('\n');
      return true;
    }
  }
}
