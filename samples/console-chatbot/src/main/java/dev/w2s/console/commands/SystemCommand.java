// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.terminal.Style;

/** {@code /system}: what the models are told first. */
final class SystemCommand implements Command {

  @Override
  public String name() {
    return "system";
  }

  @Override
  public String arguments() {
    return "[TEXT|off]";
  }

  @Override
  public String summary() {
    return "show or set what the models are told first";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    String text = arguments.text();
    if (!text.isEmpty()) {
      String words = text.equals("off") ? "" : text;
      room.chat().change(room.chat().settings().withSystem(words));
    }
    String told = room.chat().settings().system();
    room.screen().say(Style.DIM, told.isEmpty() ? "told nothing first" : "told first: " + told);
  }
}
