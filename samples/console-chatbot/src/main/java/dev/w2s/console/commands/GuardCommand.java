// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.setup.GuardText;
import dev.w2s.console.terminal.Style;
import dev.w2s.search.guard.TrustRegion;
import org.jspecify.annotations.Nullable;

/** {@code /guard}: how far the search may go from the large model. */
final class GuardCommand implements Command {

  @Override
  public String name() {
    return "guard";
  }

  @Override
  public String arguments() {
    return "[NATS|off]";
  }

  @Override
  public String summary() {
    return "keep the search within so many nats a token of the large model; alone: 0.08";
  }

  @Override
  public void run(Arguments arguments, Room room) {
    TrustRegion guard = arguments.count() == 0 ? TrustRegion.defaults() : parse(arguments);
    room.chat().change(room.chat().settings().withGuard(guard));
    room.screen()
        .say(Style.DIM, guard == null ? "no guard" : "guard of " + guard.divergence() + " nats");
  }

  private static @Nullable TrustRegion parse(Arguments arguments) {
    arguments.require(1);
    try {
      return GuardText.parse(arguments.word(0));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
