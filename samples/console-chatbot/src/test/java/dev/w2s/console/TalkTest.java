// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.w2s.console.chat.Chat;
import dev.w2s.console.chat.ChatFailure;
import dev.w2s.console.commands.CommandSet;
import dev.w2s.console.commands.Room;
import dev.w2s.console.terminal.Console;
import dev.w2s.console.terminal.PipedConsole;
import dev.w2s.console.terminal.Screen;
import dev.w2s.testkit.ScriptedChatModel;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TalkTest {

  private static void talk(ScriptedChat script, Console console) {
    try (Chat chat = script.open()) {
      new Talk(new Room(chat, console, new Screen(console)), new CommandSet()).run();
    }
  }

  private static List<String> piped(ScriptedChat script, String input) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    talk(script, new PipedConsole(new StringReader(input), writer, writer, false));
    return out.toString().lines().toList();
  }

  @Test
  void aPipeGetsAnswersWithoutPromptsColoursOrTimes() {
    assertThat(piped(new ScriptedChat("Bad.", "A good film."), "How?\n\n/pair short\nHow?\n"))
        .containsExactly(
            "A good film.",
            "score +12.00 nats, 1 round, 4 tokens sampled, 2 calls",
            "steered by short 1",
            "Bad.",
            "score -4.00 nats, 1 round, 4 tokens sampled, 2 calls");
  }

  @Test
  void twoSlashesBeginAMessageWithOne() {
    ScriptedChat script = new ScriptedChat("Yes.");
    piped(script, "//pair of shoes\n");
    assertThat(script.requests().get(0).messages())
        .containsExactly(UserMessage.from("/pair of shoes"));
  }

  @Test
  void whatAModelWritesIsNeverObeyed() {
    String evil = "\u001b]0;title\u0007 hidden \u009b2J";
    assertThat(String.join("\n", piped(new ScriptedChat(evil), "How?\n/why\n/compare\n")))
        .contains("␛]0;title␇ hidden �2J")
        .doesNotContain("\u001b", "\u0007", "\u009b");
  }

  @Test
  void answersAreWrapped() {
    FakeConsole console = new FakeConsole(12, "How?");
    talk(new ScriptedChat("A quiet wonder of a film."), console);
    assertThat(console.written())
        .startsWith("A quiet", "wonder of a", "film.")
        .allMatch(line -> line.length() <= 12);
  }

  @Test
  void theConversationIsRemembered() {
    ScriptedChat script = new ScriptedChat("Good.");
    piped(script, "How?\nWhy?\n");
    assertThat(script.requests().get(2).messages())
        .containsExactly(
            UserMessage.from("How?"), AiMessage.from("Good."), UserMessage.from("Why?"));
  }

  @Test
  void quitEndsBeforeTheEnd() {
    ScriptedChat script = new ScriptedChat("Good.");
    piped(script, "/quit\nHow?\n");
    assertThat(script.requests()).isEmpty();
  }

  @Test
  void aStoppedQuestionWithoutAnswerIsForgottenAndTheTalkGoesOn() {
    ScriptedChat script = new ScriptedChat("Good.");
    FakeConsole console = new FakeConsole(80, "How?", "Why?");
    console.interruptNext();
    talk(script, console);
    assertThat(console.written()).startsWith("stopped", "Good.");
    assertThat(script.requests())
        .allSatisfy(
            request -> assertThat(request.messages()).containsExactly(UserMessage.from("Why?")));
  }

  @Test
  void aFailureEndsAPipeAndNotATerminal() {
    ScriptedChatModel failing =
        new ScriptedChatModel(
            call -> {
              throw new IllegalStateException("out of order");
            });
    assertThatThrownBy(() -> piped(new ScriptedChat(failing), "How?\n/help\n"))
        .isInstanceOf(ChatFailure.class)
        .hasMessage("out of order");
    FakeConsole console = new FakeConsole(80, "How?", "/pair");
    talk(new ScriptedChat(failing), console);
    assertThat(console.written()).startsWith("out of order", "long  weight 1  by length");
  }
}
