// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.chat.Answer;
import dev.w2s.console.report.Why;
import dev.w2s.console.terminal.Style;
import java.util.List;

/** {@code /why}: the last answer's rounds. */
final class WhyCommand implements Command {

  @Override
  public String name() {
    return "why";
  }

  @Override
  public String arguments() {
    return "[ROUND]";
  }

  @Override
  public String summary() {
    return "show what each round of the last answer kept and dropped; of one round all";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    Answer answer =
        room.chat().last().orElseThrow(() -> new UsageException("there is no answer yet"));
    int rounds = answer.rounds().size();
    if (rounds == 0) {
      throw new UsageException("the last answer was not chosen, so there is nothing to tell");
    }
    Why why = new Why(answer.rounds());
    if (arguments.count() == 0) {
      show(why.all(), room);
      return;
    }
    arguments.require(1);
    int round = arguments.wholeNumber(0, "ROUND");
    if (round < 1 || round > rounds) {
      throw new UsageException(
          "ROUND is %d; the last answer has rounds 1 to %d".formatted(round, rounds));
    }
    show(why.round(round), room);
  }

  private static void show(List<Why.Line> lines, Room room) {
    for (Why.Line line : lines) {
      room.screen().line(style(line.kind()), line.text());
    }
  }

  private static Style style(Why.Kind kind) {
    return switch (kind) {
      case ROUND -> Style.BOLD;
      case KEPT -> Style.GUIDED;
      case DROPPED -> Style.DIM;
    };
  }
}
