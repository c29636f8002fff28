// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.chat.Settings;
import dev.w2s.console.terminal.Style;
import java.util.List;

/**
 * {@code /help}.
 *
 * @param others all other commands
 */
record HelpCommand(List<Command> others) implements Command {

  @Override
  public String name() {
    return "help";
  }

  @Override
  public String arguments() {
    return "";
  }

  @Override
  public String summary() {
    return "this";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    arguments.requireNone();
    for (Command command : others) {
      String written = "/" + command.name() + " " + command.arguments();
      room.screen().say(Style.BOLD, written.strip());
      room.screen().line(Style.PLAIN, "    " + command.summary() + aliases(command));
    }
    room.screen()
        .say(
            Style.PLAIN,
            "All else is a message. // begins one with a slash; a backslash at the end of a line, or"
                + " Alt-Enter, goes on in the next.");
    room.screen().say(Style.DIM, state(room));
  }

  private static String aliases(Command command) {
    return command.aliases().isEmpty() ? "" : "; also /" + String.join(", /", command.aliases());
  }

  private static String state(Room room) {
    Settings settings = room.chat().settings();
    return "now: %s, steered by %s, beam %s, %s"
        .formatted(
            room.chat().largeModel(),
            Weights.steering(settings),
            settings.beam(),
            settings.guard() == null
                ? "no guard"
                : "guard of " + settings.guard().divergence() + " nats");
  }
}
