// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.w2s.console.FakeConsole;
import dev.w2s.console.ScriptedChat;
import dev.w2s.console.chat.Answer;
import dev.w2s.console.chat.Chat;
import dev.w2s.console.chat.Settings;
import dev.w2s.console.chat.Stop;
import dev.w2s.console.terminal.Screen;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandSetTest {
  private final ScriptedChat script = new ScriptedChat("Bad.", "A good film.");
  private final Chat chat = script.open();
  private final FakeConsole console = new FakeConsole(100);
  private final CommandSet commands = new CommandSet();

  @AfterEach
  void close() {
    chat.close();
  }

  private List<String> run(String line) {
    commands.run(line, new Room(chat, console, new Screen(console)));
    return console.written();
  }

  private Answer ask(String question) {
    return chat.ask(
        question,
        new Chat.Listener() {
          @Override
          public void onForgotten(int turns) {}

          @Override
          public void onPiece(String text) {}
        },
        new Stop());
  }

  @Test
  void pairListsThem() {
    assertThat(run("/pair"))
        .containsExactly("long  weight 1  by length", "short  weight 0  by brevity");
  }

  @Test
  void pairSteersByOneAlone() {
    assertThat(ask("How?").text()).isEqualTo("A good film.");
    assertThat(run("/pair short")).containsExactly("steered by short 1");
    assertThat(ask("How?").text()).isEqualTo("Bad.");
  }

  @Test
  void pairLoadsAnother() {
    String untuned = "embedded:movie-reviews/untuned";
    assertThat(run("/pair kind embedded:movie-reviews/tuned " + untuned))
        .containsExactly("steered by kind 1");
    assertThat(run("/pair words " + untuned + " \"I loved it. \" \"I hated it. \""))
        .containsExactly("steered by words 1");
    assertThat(chat.settings().weights())
        .isEqualTo(Map.of("long", 0.0, "short", 0.0, "kind", 0.0, "words", 1.0));
    assertThat(ask("How was the movie?").score()).isNotNull();
  }

  @Test
  void aPairThatCannotBeLoadedChangesNothing() {
    Settings before = chat.settings();
    assertThat(run("/pair other /no/such/tuned /no/such/untuned"))
        .singleElement()
        .asString()
        .startsWith("/pair: the pair 'other'; ")
        .contains("/no/such/");
    assertThat(chat.settings()).isEqualTo(before);
    assertThat(chat.guides().has("other")).isFalse();
  }

  @Test
  void weightLetsAPairCount() {
    assertThat(run("/weight short 2.5")).containsExactly("steered by long 1, short 2.5");
    assertThat(ask("How?").text()).isEqualTo("Bad.");
    assertThat(run("/weight short 0")).containsExactly("steered by long 1");
    assertThat(run("/weight long -1")).containsExactly("steered by long -1");
    assertThat(ask("How?").text()).isEqualTo("Bad.");
  }

  @Test
  void beamSetsWidthSuccessorsAndChunk() {
    assertThat(run("/beam 1 4 7")).containsExactly("beam W=1 K=4 L=7");
    ask("How?");
    assertThat(script.requests()).hasSize(4);
    assertThat(run("/beam 1 1 5"))
        .containsExactly("beam W=1 K=1 L=5: nothing to choose, so plain sampling");
    assertThat(ask("How?").score()).isNull();
  }

  @Test
  void guardIsTheUsualOneAnotherOrNone() {
    assertThat(run("/guard")).containsExactly("guard of 0.08 nats");
    assertThat(run("/guard 0.5")).containsExactly("guard of 0.5 nats");
    assertThat(run("/guard off")).containsExactly("no guard");
    assertThat(chat.settings().guard()).isNull();
  }

  @Test
  void offLetsTheLargeModelAnswerAlone() {
    assertThat(run("/off")).containsExactly("not guided");
    Answer answer = ask("How?");
    assertThat(answer.rounds()).isEmpty();
    assertThat(answer.text()).isEqualTo("Bad.");
    assertThat(script.requests()).hasSize(1);
    assertThat(run("/weight short 1")).containsExactly("steered by long 1, short 1 once it is /on");
    assertThat(run("/on")).containsExactly("steered by long 1, short 1");
  }

  @Test
  void whyTellsWhatTheLastAnswerKeptAndDropped() {
    run("/beam 1 2 5");
    ask("How?");
    assertThat(run("/why"))
        .containsExactly(
            "round 1: 2 drawn, 2 different, 1 kept",
            "  + +12.00  A good film. (end)",
            "  - +4.00  Bad. (end)");
    assertThat(run("/why 1")).hasSize(3);
  }

  @Test
  void compareShowsBothAndTheConversationStaysAsItIs() {
    ask("How?");
    int before = script.requests().size();
    Answer last = chat.last().orElseThrow();
    assertThat(run("/compare"))
        .anyMatch(line -> line.matches("unguided +│ guided by long 1"))
        .anyMatch(line -> line.matches("Bad\\. +│ A good film\\."));
    assertThat(chat.last()).contains(last);
    assertThat(script.requests()).hasSize(before + 3);
    assertThat(script.requests().get(before).messages()).containsExactly(UserMessage.from("How?"));
    run("/compare And the end?");
    assertThat(script.requests().get(before + 3).messages())
        .containsExactly(
            UserMessage.from("How?"),
            AiMessage.from("A good film."),
            UserMessage.from("And the end?"));
  }

  @Test
  void compareCanBeStopped() {
    console.interruptNext();
    assertThat(run("/compare How?")).containsExactly("stopped");
    assertThat(chat.last()).isEmpty();
  }

  @Test
  void systemIsWhatTheModelsAreToldFirst() {
    assertThat(run("/system")).containsExactly("told nothing first");
    assertThat(run("/system Be  \"brief\".")).containsExactly("told first: Be  \"brief\".");
    ask("How?");
    assertThat(script.requests().get(0).messages())
        .containsExactly(SystemMessage.from("Be  \"brief\"."), UserMessage.from("How?"));
    assertThat(run("/system off")).containsExactly("told nothing first");
  }

  @Test
  void resetForgetsTheConversationNotTheSettings() {
    run("/beam 2 2 3");
    ask("How?");
    for (String command : List.of("/reset", "/new")) {
      assertThat(run(command)).containsExactly("a new conversation");
    }
    Settings before = chat.settings();
    ask("And now?");
    assertThat(chat.settings()).isEqualTo(before);
    assertThat(script.requests().get(script.requests().size() - 1).messages())
        .containsExactly(UserMessage.from("And now?"));
  }

  @Test
  void quitLeaves() {
    assertThat(commands.quit()).isFalse();
    run("/quit");
    assertThat(commands.quit()).isTrue();
  }

  @Test
  void helpNamesAllOfThem() {
    assertThat(String.join("\n", run("/help")))
        .contains("/pair", "/weight NAME W", "/beam [W K L]", "/guard [NATS|off]", "/off", "/on")
        .contains("/why [ROUND]", "/compare [QUESTION]", "/system", "also /new", "also /exit")
        .contains("now: scripted, steered by long 1, beam W=2 K=1 L=5, no guard");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/pair lang;there is no pair 'lang', did you mean 'long'?",
        "/pair nothing;there is no pair 'nothing', but long, short",
        "/pair a b;it takes 0, 1, 3 or 4 values, and 2 are given",
        "/pair long a b;NAME is 'long'; there is such a pair already",
        "/pair x http://host/v1 b;tuned is 'http://host/v1' is no model behind a server",
        "/weight long;it takes 2 values, and 1 are given",
        "/weight long much;W is 'much'; it must be a number",
        "/weight long NaN;W is 'NaN'; it must be a number",
        "/weight other 1;there is no pair 'other'",
        "/beam 4 4;it takes 3 values, and 2 are given",
        "/beam 4 4 five;L is 'five'; it must be a whole number",
        "/beam 0 4 5;beamWidth is 0, must be at least 1",
        "/guard -1;guard is '-1'; it must be a number of nats above 0, or off",
        "/guard 1 2;it takes 1 values, and 2 are given",
        "/off now;it takes nothing, and 'now' is given",
        "/on now;it takes nothing, and 'now' is given",
        "/why;there is no answer yet",
        "/compare;there is no question yet",
        "/reset all;it takes nothing, and 'all' is given",
        "/quit now;it takes nothing, and 'now' is given",
        "/help me;it takes nothing, and 'me' is given"
      })
  void aWrongCommandSaysTheRuleAndChangesNothing(String line, String rule) {
    Settings before = chat.settings();
    assertThat(String.join(" ", run(line)))
        .startsWith(line.replaceFirst(" .*", ""))
        .contains(rule)
        .endsWith("; nothing is changed");
    assertThat(chat.settings()).isEqualTo(before);
    assertThat(commands.quit()).isFalse();
    assertThat(script.requests()).isEmpty();
  }

  @Test
  void whyKnowsItsRoundsAndCompareItsGuides() {
    ask("How?");
    assertThat(run("/why 2"))
        .singleElement()
        .asString()
        .contains("ROUND is 2; the last answer has rounds 1 to 1");
    run("/weight long 0");
    assertThat(run("/compare")).singleElement().asString().contains("nothing steers");
    ask("How?");
    assertThat(run("/why")).singleElement().asString().contains("the last answer was not chosen");
  }

  @ParameterizedTest
  @CsvSource({
    "/pairs,did you mean /pair?",
    "/bean 1 2 3,did you mean /beam?",
    "/comp,did you mean /compare?",
    "/wieght,did you mean /weight?",
    "/xyzzy,/help lists what there is",
    "/,/help lists what there is"
  })
  void anUnknownCommandSuggestsTheNearest(String line, String suggestion) {
    assertThat(run(line)).singleElement().asString().contains(suggestion);
  }
}
