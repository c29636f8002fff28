// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Lines are text: no quote and no bracket has to be closed; a backslash at the end goes on. */
final class MessageParser implements Parser {

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && Lines.goesOn(line)) {
      throw new EOFError(-1, cursor, "the line goes on");
    }
    List<String> before = new ArrayList<>(List.of(line.substring(0, cursor).split(" ", -1)));
    return new Words(line, cursor, List.copyOf(before));
  }

  /**
   * @param words up to the cursor
   */
  private record Words(String line, int cursor, List<String> words)
      implements CompletingParsedLine {
    @Override
    public String word() {
      return words.get(words.size() - 1);
    }

    @Override
    public int wordCursor() {
      return word().length();
    }

    @Override
    public int wordIndex() {
      return words.size() - 1;
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return wordCursor();
    }

    @Override
    public int rawWordLength() {
      return wordCursor();
    }
  }

  @Override
  public boolean validCommandName(String name) {
    return !name.isEmpty();
  }
}
