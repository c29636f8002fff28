// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import dev.w2s.console.chat.Answer;
import dev.w2s.console.chat.Chat;
import dev.w2s.console.chat.ChatFailure;
import dev.w2s.console.chat.Stop;
import dev.w2s.console.commands.CommandSet;
import dev.w2s.console.commands.Room;
import dev.w2s.console.report.StatusLine;
import dev.w2s.console.terminal.Screen;
import dev.w2s.console.terminal.Style;
import org.jspecify.annotations.Nullable;

/**
 * Reads, answers, and goes on until nobody has anything to say.
 *
 * @param room where it takes place
 * @param commands what a slash means
 */
record Talk(Room room, CommandSet commands) {

  /**
   * Goes on to the end.
   *
   * @throws ChatFailure if there is no answer, and nobody in front of a terminal to ask again
   */
  void run() {
    while (!commands.quit()) {
      @Nullable String line = room.console().read();
      if (line == null) {
        return;
      }
      try {
        if (!take(line)) {
          return;
        }
      } catch (ChatFailure e) {
        if (!room.screen().interactive()) {
          throw e;
        }
        room.screen().error(String.valueOf(e.getMessage()));
      }
    }
  }

  /** False ends it: a pipe has nobody who could want more after an interrupt. */
  private boolean take(String line) {
    if (line.isBlank()) {
      return true;
    }
    if (line.startsWith("/") && !line.startsWith("//")) {
      commands.run(line, room);
      return true;
    }
    Answer answer = ask(line.startsWith("//") ? line.substring(1) : line);
    return answer.end() != Answer.End.STOPPED || room.screen().interactive();
  }

  /** All of it while Ctrl-C is heard: without a terminal the process ends right behind it. */
  private Answer ask(String question) {
    Stop stop = new Stop();
    return room.console().interruptible(stop::stop, () -> answer(question, stop));
  }

  private Answer answer(String question, Stop stop) {
    Screen screen = room.screen();
    Screen.Flow flow = screen.flow(room.chat().settings().steers() ? Style.GUIDED : Style.PLAIN);
    Answer answer;
    try {
      answer = room.chat().ask(question, new Shown(screen, flow), stop);
    } finally {
      flow.end();
    }
    screen.say(Style.DIM, StatusLine.of(answer, screen.interactive()));
    return answer;
  }

  /**
   * An answer as it comes.
   *
   * @param screen where it is told what is left out
   * @param flow where it is written
   */
  private record Shown(Screen screen, Screen.Flow flow) implements Chat.Listener {
    @Override
    public void onForgotten(int turns) {
      screen.say(
          Style.DIM,
          "the models cannot hold all of it: the oldest %s left out"
              .formatted(turns == 1 ? "turn is" : turns + " turns are"));
    }

    @Override
    public void onPiece(String text) {
      flow.piece(text);
    }
  }
}
