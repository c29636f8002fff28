// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.sampling.calls.ServedModel;
import dev.w2s.sampling.calls.ServedModel.Limits;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Completions.Usage;
import dev.w2s.server.Input;
import dev.w2s.server.ServerException;
import dev.w2s.testkit.Logged;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How it is found out how a model goes on: an answer of eight tokens is drawn, "It was a good", and
 * given back.
 */
class ContinuedChatTest {
  private static final int CONVERSATION = 20;

  private final List<ChatEndpoint.Ask> asked = new ArrayList<>();
  private Answer begun = answer("It was a good ", Finish.LENGTH, new Usage(CONVERSATION, 8));

  private static Answer answer(String text, Finish finish, @Nullable Usage usage) {
    return new Answer(
        List.of(List.of(new Choice(text, Input.of(text), finish, 0, Double.NaN))), usage);
  }

  /** What is said to an answer that is given back, by its prompt's tokens; null says none. */
  private static Answer continued(String text, @Nullable Integer prompt) {
    return answer(text, Finish.LENGTH, prompt == null ? null : new Usage(prompt, 8));
  }

  private ContinuedChat chat(Continuation wanted) {
    return new ContinuedChat(
        new ServedModel("model", new ParallelCalls(1, null), Limits.CONVERSATION), wanted);
  }

  private Seam seam(ContinuedChat chat, Function<ChatEndpoint.Ask, Answer> server) {
    ChatEndpoint endpoint =
        new ChatEndpoint() {
          @Override
          public List<Continuation> ways() {
            return List.of(
                Continuation.PREFILL,
                Continuation.CONTINUE_FINAL,
                Continuation.INSTRUCTION,
                Continuation.WHOLE);
          }

          @Override
          public Answer answer(Ask ask) {
            asked.add(ask);
            return ask.given().isEmpty() ? begun : server.apply(ask);
          }
        };
    return chat.seam(endpoint, endpoint::answer);
  }

  private List<Continuation> waysAsked() {
    return asked.stream().map(ChatEndpoint.Ask::way).toList();
  }

  /** A begun answer adds its own tokens to the prompt, at most; a closed turn adds markers, too. */
  @ParameterizedTest
  @CsvSource({
    "28, PREFILL, 0", // all eight
    "24, PREFILL, 0", // a half, since a server may join tokens
    "29, WHOLE, 2",
    "23, WHOLE, 2", // too few to tell anything
    ", WHOLE, 2",
  })
  void tokensOfThePromptTellWhetherItGoesOn(
      @Nullable Integer prompt, Continuation way, int fallbacks) {
    ContinuedChat chat = chat(Continuation.AUTO);
    Seam seam = seam(chat, ask -> continued(" movie", prompt));
    assertThat(seam).isEqualTo(new Seam(way, /* repeats= */ false));
    assertThat(chat.fallbacks()).isEqualTo(fallbacks);
    assertThat(chat.answersWhole()).isEqualTo(way == Continuation.WHOLE);
    assertThat(asked.get(0)).isEqualTo(new ChatEndpoint.Ask("", Continuation.WHOLE, 1, 8, null));
    assertThat(asked.get(1))
        .isEqualTo(new ChatEndpoint.Ask("It was a good", Continuation.PREFILL, 1, 8, null));
  }

  @Test
  void aModelThatRepeatsWhatItWasGivenGoesOn() {
    ContinuedChat chat = chat(Continuation.AUTO);
    assertThat(seam(chat, ask -> continued("It was a good movie", null)))
        .isEqualTo(new Seam(Continuation.PREFILL, /* repeats= */ true));
    begun = answer(" It was", Finish.LENGTH, null);
    assertThat(seam(chat(Continuation.AUTO), ask -> continued("It was good", null)))
        .isEqualTo(new Seam(Continuation.PREFILL, /* repeats= */ true));
  }

  @Test
  void theNextWayIsTriedAfterARefusalAndWhatIsFoundIsRemembered() {
    ContinuedChat chat = chat(Continuation.AUTO);
    Function<ChatEndpoint.Ask, Answer> server =
        ask -> {
          if (ask.way() == Continuation.PREFILL) {
            throw new ServerException("no", 400);
          }
          return continued(" movie", CONVERSATION + 8);
        };
    Seam seam = seam(chat, server);
    assertThat(seam.way()).isEqualTo(Continuation.CONTINUE_FINAL);
    assertThat(chat.fallbacks()).isOne();
    assertThat(chat.answersWhole()).isFalse();
    assertThat(seam(chat, server)).isSameAs(seam);
    assertThat(waysAsked())
        .containsExactly(Continuation.WHOLE, Continuation.PREFILL, Continuation.CONTINUE_FINAL);
  }

  @ParameterizedTest
  @CsvSource({
    "29, it began a new answer",
    ", nothing tells whether it does",
  })
  void whyItDoesNotGoOnIsLogged(@Nullable Integer prompt, String why) {
    ContinuedChat chat = chat(Continuation.AUTO);
    assertThat(Logged.during(() -> seam(chat, ask -> continued(" movie", prompt))))
        .singleElement()
        .asString()
        .endsWith(
            "model goes on with its answers by WHOLE, not by [PREFILL: %s, CONTINUE_FINAL: %s]"
                .formatted(why, why));
  }

  @Test
  void aFailureTeachesNothing() {
    ContinuedChat chat = chat(Continuation.AUTO);
    assertThatThrownBy(
            () ->
                seam(
                    chat,
                    ask -> {
                      throw new ServerException("down", 503);
                    }))
        .hasMessage("down");
    assertThat(seam(chat, ask -> continued(" movie", 28)).way()).isEqualTo(Continuation.PREFILL);
    assertThat(chat.fallbacks()).isZero();
  }

  @Test
  void whatIsWantedComesFirstAndIsTakenWhereNothingTells() {
    assertThat(seam(chat(Continuation.CONTINUE_FINAL), ask -> continued(" movie", null)).way())
        .isEqualTo(Continuation.CONTINUE_FINAL);
    assertThat(waysAsked()).containsExactly(Continuation.WHOLE, Continuation.CONTINUE_FINAL);
    // But not where something tells that it begins anew.
    assertThat(seam(chat(Continuation.CONTINUE_FINAL), ask -> continued("It", 33)).way())
        .isEqualTo(Continuation.WHOLE);
    assertThat(waysAsked().subList(3, 5))
        .containsExactly(Continuation.CONTINUE_FINAL, Continuation.PREFILL);
  }

  /** Nothing can tell whether a model obeys. */
  @Test
  void anInstructionIsTakenWithoutAQuestionIfItIsWanted() {
    ContinuedChat chat = chat(Continuation.INSTRUCTION);
    assertThat(seam(chat, ask -> continued("", null)))
        .isEqualTo(new Seam(Continuation.INSTRUCTION, /* repeats= */ false));
    assertThat(asked).isEmpty();
    assertThat(chat.fallbacks()).isZero();
    assertThat(seam(chat(Continuation.WHOLE), ask -> continued("", null)).way())
        .isEqualTo(Continuation.WHOLE);
    assertThat(asked).isEmpty();
  }

  /** An answer that ended early has the tokens that are told, if any are. */
  @ParameterizedTest
  @CsvSource({"22, PREFILL", "23, WHOLE"})
  void aShortAnswerIsGivenBackToo(int prompt, Continuation way) {
    begun = answer("Good.", Finish.STOP, new Usage(CONVERSATION, 2));
    assertThat(seam(chat(Continuation.AUTO), ask -> continued("!", prompt)).way()).isEqualTo(way);
    begun = answer("Good.", Finish.STOP, null);
    assertThat(seam(chat(Continuation.AUTO), ask -> continued("!", prompt)).way())
        .isEqualTo(Continuation.WHOLE);
  }

  @ParameterizedTest
  @CsvSource({"''", "' '", "\uFFFD"})
  void ofAnEmptyAnswerNothingIsLearnt(String nothing) {
    begun = answer(nothing, Finish.STOP, null);
    ContinuedChat chat = chat(Continuation.AUTO);
    assertThat(seam(chat, ask -> continued("x", 28)).way()).isEqualTo(Continuation.WHOLE);
    assertThat(chat.answersWhole()).isFalse();
    begun = answer("It was a good", Finish.LENGTH, new Usage(CONVERSATION, 8));
    assertThat(seam(chat, ask -> continued(" movie", 28)).way()).isEqualTo(Continuation.PREFILL);
  }
}
