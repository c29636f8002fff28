// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import dev.w2s.sampling.continuation.ChatEndpoint.Ask;
import dev.w2s.server.ChatCompletions;
import dev.w2s.server.DrawOptions;
import dev.w2s.server.JsonServer;
import dev.w2s.server.RetryPolicy;
import dev.w2s.server.ServerAddress;
import dev.w2s.server.ServerException;
import dev.w2s.server.Transport.Reply;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.ChatWorld.Temperament;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent to go on with an answer, and what is made of a refusal. */
class ServerChatTest {
  private static final Prompt.Conversation QUESTION = talk(new Turn("user", "How was it?"));
  private static final String MODEL = "{\"model\":\"base\",\"messages\":[";
  private static final String ASKED = "{\"role\":\"user\",\"content\":\"How was it?\"}";
  private static final String BEGUN = "{\"role\":\"assistant\",\"content\":\"It was\"";
  private static final String REST = "],\"n\":2,\"max_tokens\":3,\"seed\":5";
  private static final String NO_THINKING = ",\"chat_template_kwargs\":{\"enable_thinking\":false}";

  private final AtomicBoolean thinkingIsOff = new AtomicBoolean();
  private ChatWorld world = world(Temperament.CONTINUES);

  private static ChatWorld world(Temperament... ways) {
    return new ChatWorld("It was a good movie.", new Random(5), ways);
  }

  private static Prompt.Conversation talk(Turn... turns) {
    return new Prompt.Conversation(List.of(turns));
  }

  private ServerChat chat(Prompt.Conversation conversation) {
    JsonServer server = Servers.of(world);
    DrawOptions plain = new DrawOptions(null, null, null, null, null, List.of(), false);
    return new ServerChat(new ChatCompletions(server, "base"), conversation, plain, thinkingIsOff);
  }

  private static Ask ask(String given, Continuation way) {
    return new Ask(given, way, 2, 3, 5L);
  }

  private void assertSent(String... bodies) {
    assertThat(world.requests())
        .extracting(request -> request.substring("/v1/chat/completions ".length()))
        .containsExactly(bodies);
  }

  /** First what most servers take; an instruction, which a model may not obey, comes late. */
  @Test
  void aServerKnowsAllWaysFromTheSurestOn() {
    assertThat(chat(QUESTION).ways())
        .containsExactly(
            Continuation.PREFILL,
            Continuation.CONTINUE_FINAL,
            Continuation.PREFIX,
            Continuation.INSTRUCTION,
            Continuation.WHOLE);
  }

  @Test
  void anAnswerIsBegunInTheWayThatIsAskedFor() {
    ServerChat chat = chat(QUESTION);
    assertThat(chat.answer(ask("It was", Continuation.PREFILL)).choices().get(0)).hasSize(2);
    chat.answer(ask("It was", Continuation.CONTINUE_FINAL));
    chat.answer(ask("It was", Continuation.PREFIX));
    chat.answer(ask("It was", Continuation.INSTRUCTION));
    assertSent(
        MODEL + ASKED + "," + BEGUN + "}" + REST + "}",
        MODEL
            + (ASKED + "," + BEGUN + "}" + REST)
            + ",\"continue_final_message\":true,\"add_generation_prompt\":false}",
        MODEL + ASKED + "," + BEGUN + ",\"prefix\":true}" + REST + "}",
        MODEL
            + (ASKED + "," + BEGUN + "},{\"role\":\"user\",\"content\":\"")
            + (Instruction.GO_ON + "\"}" + REST + "}"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void atTheBeginningAllWaysAreOne(Continuation way) {
    chat(QUESTION).answer(ask("", way));
    assertSent(MODEL + ASKED + REST + "}");
  }

  @Test
  void aConversationThatIsOpenIsABegunAnswerItself() {
    ServerChat open = chat(talk(new Turn("user", "How was it?"), new Turn("assistant", "It was")));
    open.answer(ask("", Continuation.PREFIX));
    open.answer(ask("", Continuation.CONTINUE_FINAL));
    open.answer(ask(" a good", Continuation.PREFILL));
    assertSent(
        MODEL + ASKED + "," + BEGUN + ",\"prefix\":true}" + REST + "}",
        MODEL
            + (ASKED + "," + BEGUN + "}" + REST)
            + ",\"continue_final_message\":true,\"add_generation_prompt\":false}",
        MODEL + ASKED + "," + BEGUN.replace("was\"", "was a good\"") + "}" + REST + "}");
  }

  @Test
  void whatATemplateMayReadOfATurnIsSent() {
    chat(talk(new Turn("user", "How was it?", Map.of("name", "Ann"))))
        .answer(ask("", Continuation.WHOLE));
    assertSent(MODEL + ASKED.replace("}", ",\"name\":\"Ann\"}") + REST + "}");
  }

  @Test
  void thinkingIsSwitchedOffForAllWhereItIsInTheWayOfABegunAnswer() {
    world = world(Temperament.CONTINUES, Temperament.THINKS);
    ServerChat chat = chat(QUESTION);
    chat.answer(ask("", Continuation.PREFILL));
    assertThat(thinkingIsOff).isFalse();
    assertThat(chat.answer(ask("It was", Continuation.PREFILL)).choices().get(0)).hasSize(2);
    assertThat(thinkingIsOff).isTrue();
    chat(QUESTION).answer(ask("", Continuation.WHOLE));
    String begun = MODEL + ASKED + "," + BEGUN + "}" + REST;
    assertSent(
        MODEL + ASKED + REST + "}",
        begun + "}",
        begun + NO_THINKING + "}",
        MODEL + ASKED + REST + NO_THINKING + "}");
  }

  /** Nor is one asked again that is refused with thinking off, or refused for something else. */
  @ParameterizedTest
  @CsvSource({
    "true, 400, enable_thinking is not known",
    "false, 400, too long",
    "false, 500, enable_thinking fell over",
  })
  void anyOtherFailureIsThrownAsItIs(boolean off, int status, String message) {
    thinkingIsOff.set(off);
    AtomicBoolean asked = new AtomicBoolean();
    JsonServer server =
        new JsonServer(
            new ServerAddress("http://a/v1"),
            (uri, headers, body, timeout) -> {
              assertThat(asked.getAndSet(true)).as("asked before").isFalse();
              return new Reply(status, "", "{\"message\": \"" + message + "\"}");
            },
            RetryPolicy.never(),
            Duration.ofSeconds(1),
            pause -> {});
    ServerChat chat =
        new ServerChat(
            new ChatCompletions(server, "base"), QUESTION, chat(QUESTION).options(), thinkingIsOff);
    assertThatThrownBy(() -> chat.answer(ask("It was", Continuation.PREFILL)))
        .isInstanceOf(ServerException.class)
        .hasMessageEndingWith("status " + status + ": " + message);
    assertThat(thinkingIsOff.get()).isEqualTo(off);
  }
}
