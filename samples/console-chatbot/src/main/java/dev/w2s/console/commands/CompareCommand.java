// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.chat.Answer;
import dev.w2s.console.chat.Chat;
import dev.w2s.console.chat.Settings;
import dev.w2s.console.chat.Stop;
import dev.w2s.console.report.StatusLine;
import dev.w2s.console.terminal.Style;
import java.util.List;
import java.util.Optional;

/** {@code /compare}: a guided answer beside one that is not; the conversation stays as it is. */
final class CompareCommand implements Command {

  @Override
  public String name() {
    return "compare";
  }

  @Override
  public String arguments() {
    return "[QUESTION]";
  }

  @Override
  public String summary() {
    return "answer the last question, or another, guided beside unguided";
  }

  /**
   * Both answers.
   *
   * @param unguided the large model's own
   * @param guided as the settings say
   */
  private record Both(Answer unguided, Answer guided) {}

  @Override
  public void run(Arguments arguments, Room room) {
    Settings settings = room.chat().settings().withGuided(true);
    if (!settings.steers()) {
      throw new UsageException("nothing steers; see /pair, /weight and /beam");
    }
    boolean again = arguments.text().isEmpty();
    String question = again ? lastQuestion(room) : arguments.text();
    Stop stop = new Stop();
    Optional<Both> both =
        room.console().interruptible(stop::stop, () -> ask(question, again, room, stop));
    both.ifPresentOrElse(
        answers -> show(answers, settings, room), () -> room.screen().say(Style.DIM, "stopped"));
  }

  private static void show(Both both, Settings settings, Room room) {
    room.screen()
        .columns(
            lines("unguided", both.unguided(), room),
            lines("guided by " + Weights.steering(settings), both.guided(), room));
  }

  private static String lastQuestion(Room room) {
    return room.chat()
        .last()
        .orElseThrow(() -> new UsageException("there is no question yet"))
        .question();
  }

  private static Optional<Both> ask(String question, boolean again, Room room, Stop stop) {
    Answer unguided = room.chat().tryOut(question, again, false, new Silent(room), stop);
    if (stop.isStopped()) {
      return Optional.empty();
    }
    Answer guided = room.chat().tryOut(question, again, true, new Silent(room), stop);
    return stop.isStopped() ? Optional.empty() : Optional.of(new Both(unguided, guided));
  }

  private static List<String> lines(String title, Answer answer, Room room) {
    return List.of(
        title,
        answer.text().strip(),
        "(" + StatusLine.of(answer, room.screen().interactive()) + ")");
  }

  /**
   * Two answers that come at once cannot be streamed side by side.
   *
   * @param room where it is told
   */
  private record Silent(Room room) implements Chat.Listener {
    @Override
    public void onForgotten(int turns) {
      // told when the question was asked
    }

    @Override
    public void onPiece(String text) {}
  }
}
