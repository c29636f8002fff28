// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.chat.Beam;
import dev.w2s.console.terminal.Style;

/** {@code /beam}: how wide and how often is searched. */
final class BeamCommand implements Command {

  @Override
  public String name() {
    return "beam";
  }

  @Override
  public String arguments() {
    return "[W K L]";
  }

  @Override
  public String summary() {
    return "keep W answers a round, continue each K times by L tokens";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    if (arguments.count() > 0) {
      arguments.require(3);
      room.chat().change(room.chat().settings().withBeam(beam(arguments)));
    }
    Beam beam = room.chat().settings().beam();
    room.screen()
        .say(
            Style.DIM,
            "beam " + beam + (beam.hasChoice() ? "" : ": nothing to choose, so plain sampling"));
  }

  private static Beam beam(Arguments arguments) {
    int width = arguments.wholeNumber(0, "W");
    int successors = arguments.wholeNumber(1, "K");
    int chunk = arguments.wholeNumber(2, "L");
    try {
      return new Beam(width, successors, chunk);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
