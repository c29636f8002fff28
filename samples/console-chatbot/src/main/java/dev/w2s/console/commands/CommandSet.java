// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.chat.ChatFailure;
import dev.w2s.console.setup.SetupException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All commands, by their names. */
public final class CommandSet {
  private final Map<String, Command> commands = new LinkedHashMap<>();
  private boolean quit;

  /** All that there are. */
  public CommandSet() {
    List<Command> all =
        List.of(
            new PairCommand(),
            new WeightCommand(),
            new BeamCommand(),
            new GuardCommand(),
            new SwitchCommand(false),
            new SwitchCommand(true),
            new WhyCommand(),
            new CompareCommand(),
            new SystemCommand(),
            new ResetCommand(),
            new QuitCommand(() -> quit = true));
    add(new HelpCommand(all));
    all.forEach(this::add);
  }

  private void add(Command command) {
    commands.put(command.name(), command);
    command.aliases().forEach(alias -> commands.put(alias, command));
  }

  /** What a command may begin with, for completion. */
  public List<String> words() {
    return commands.keySet().stream().map(name -> "/" + name).toList();
  }

  /** Whether somebody wants to leave. */
  public boolean quit() {
    return quit;
  }

  /**
   * Runs a line that begins with a slash; what is wrong with it is told.
   *
   * @throws ChatFailure if an answer was wanted, and there is none
   */
  public void run(String line, Room room) {
    String[] parts = line.substring(1).split("\\s+", 2);
    Command command = commands.get(parts[0]);
    if (command == null) {
      room.screen().error(unknown(parts[0]));
      return;
    }
    try {
      command.run(Arguments.of(parts.length < 2 ? "" : parts[1]), room);
    } catch (UsageException e) {
      String written = ("/" + command.name() + " " + command.arguments()).strip();
      room.screen().error(written + ": " + e.getMessage() + "; nothing is changed");
    } catch (SetupException e) {
      room.screen().error("/" + command.name() + ": " + e.getMessage() + "; nothing is changed");
    }
  }

  private String unknown(String name) {
    String near = Nearest.of(name, new ArrayList<>(commands.keySet()));
    return "there is no /" + name + "; " + suggestion(near);
  }

  private static String suggestion(@Nullable String near) {
    return near == null
        ? "/help lists what there is, and // begins a message with a slash"
        : "did you mean /" + near + "?";
  }
}
