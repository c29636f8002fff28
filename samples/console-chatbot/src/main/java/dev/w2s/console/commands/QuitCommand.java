// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import java.util.List;

/**
 * {@code /quit}.
 *
 * @param quit says so
 */
record QuitCommand(Runnable quit) implements Command {

  @Override
  public String name() {
    return "quit";
  }

  @Override
  public List<String> aliases() {
    return List.of("exit");
  }

  @Override
  public String arguments() {
    return "";
  }

  @Override
  public String summary() {
    return "leave; so does Ctrl-D";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    arguments.requireNone();
    quit.run();
  }
}
