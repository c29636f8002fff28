// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.terminal.Style;
import java.util.List;

/** {@code /reset}: the conversation anew. */
final class ResetCommand implements Command {

  @Override
  public String name() {
    return "reset";
  }

  @Override
  public List<String> aliases() {
    return List.of("new");
  }

  @Override
  public String arguments() {
    return "";
  }

  @Override
  public String summary() {
    return "forget the conversation, not the settings";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    arguments.requireNone();
    room.chat().reset();
    room.screen().say(Style.DIM, "a new conversation");
  }
}
