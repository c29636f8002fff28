// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.chat.NamedGuide;
import dev.w2s.console.chat.Settings;
import dev.w2s.console.setup.PairPlan;
import dev.w2s.console.terminal.Style;
import java.util.Map;

/** {@code /pair}: which pairs there are, which one steers, and another one. */
final class PairCommand implements Command {

  @Override
  public String name() {
    return "pair";
  }

  @Override
  public String arguments() {
    return "[NAME [TUNED UNTUNED | MODEL \"WANTED\" \"OPPOSITE\"]]";
  }

  @Override
  public String summary() {
    return "list the pairs; steer by NAME alone; load a pair and steer by it alone";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    switch (arguments.count()) {
      case 0 -> list(room);
      case 1 -> only(arguments.word(0), room);
      case 3, 4 -> load(arguments, room);
      default ->
          throw new UsageException(
              "it takes 0, 1, 3 or 4 values, and " + arguments.count() + " are given");
    }
  }

  private static void list(Room room) {
    Map<String, Double> weights = room.chat().settings().weights();
    for (NamedGuide guide : room.chat().guides().all()) {
      double weight = weights.getOrDefault(guide.name(), 0.0);
      room.screen()
          .say(
              weight == 0 ? Style.DIM : Style.PLAIN,
              "%s  weight %s  %s".formatted(guide.name(), Weights.of(weight), guide.description()));
    }
  }

  private static void only(String name, Room room) {
    Weights.requireGuide(name, room);
    change(name, room);
  }

  private static void load(Arguments arguments, Room room) {
    String name = arguments.word(0);
    if (room.chat().guides().has(name)) {
      throw new UsageException("NAME is '" + name + "'; there is such a pair already");
    }
    if (name.isBlank() || name.contains(" ")) {
      throw new UsageException("NAME is '" + name + "'; it must be one word");
    }
    room.chat().guides().add(plan(arguments).load());
    change(name, room);
  }

  private static PairPlan plan(Arguments arguments) {
    String origin = "the pair '" + arguments.word(0) + "'";
    try {
      return arguments.count() == 3
          ? PairPlan.tuned(
              arguments.word(0), arguments.word(1), arguments.word(2), null, null, origin)
          : PairPlan.prompted(
              arguments.word(0), arguments.word(1), arguments.word(2), arguments.word(3), origin);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static void change(String name, Room room) {
    Settings settings = room.chat().settings();
    Settings known = settings.weights().containsKey(name) ? settings : settings.withWeight(name, 1);
    room.chat().change(known.withOnly(name));
    room.screen().say(Style.DIM, "steered by " + Weights.steering(room.chat().settings()));
  }
}
