// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.terminal.Style;

/**
 * {@code /on} and {@code /off}: guidance at all.
 *
 * @param on which of them
 */
record SwitchCommand(boolean on) implements Command {

  @Override
  public String name() {
    return on ? "on" : "off";
  }

  @Override
  public String arguments() {
    return "";
  }

  @Override
  public String summary() {
    return on ? "guide the answers again" : "let the large model answer alone";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    arguments.requireNone();
    room.chat().change(room.chat().settings().withGuided(on));
    room.screen()
        .say(
            Style.DIM,
            on ? "steered by " + Weights.steering(room.chat().settings()) : "not guided");
  }
}
