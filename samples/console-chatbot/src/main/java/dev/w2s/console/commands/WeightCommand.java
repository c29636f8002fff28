// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.terminal.Style;

/** {@code /weight}: how much a pair counts. */
final class WeightCommand implements Command {

  @Override
  public String name() {
    return "weight";
  }

  @Override
  public String arguments() {
    return "NAME W";
  }

  @Override
  public String summary() {
    return "let a pair count W times; 0 leaves it out, below 0 it steers away";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    arguments.require(2);
    Weights.requireGuide(arguments.word(0), room);
    double weight = arguments.number(1, "W");
    if (!Double.isFinite(weight)) {
      throw new UsageException("W is '" + arguments.word(1) + "'; it must be a number");
    }
    room.chat().change(room.chat().settings().withWeight(arguments.word(0), weight));
    room.screen().say(Style.DIM, "steered by " + Weights.steering(room.chat().settings()));
  }
}
