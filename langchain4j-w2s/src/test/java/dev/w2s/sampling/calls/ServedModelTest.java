// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.sampling.calls.ParallelCalls.Outcome;
import dev.w2s.sampling.calls.ServedModel.Batch;
import dev.w2s.sampling.calls.ServedModel.Limits;
import dev.w2s.sampling.calls.ServedModel.Piece;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Input;
import dev.w2s.server.ServerException;
import dev.w2s.testkit.Logged;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What is asked of servers of many ways, round by round. */
class ServedModelTest {
  private static final Choice CHOICE =
      new Choice(" a", Input.of(" a"), Finish.LENGTH, 1, Double.NaN);

  private final ServedModel model =
      new ServedModel("http://a/v1#base", new ParallelCalls(1, null), Limits.NONE);
  private final List<Asked> asked = new ArrayList<>();
  private final List<Long> numbers = new ArrayList<>();
  private int mostGiven = Integer.MAX_VALUE;
  private boolean busy;

  /**
   * One request.
   *
   * @param prompts by the hypotheses' numbers
   * @param tokens whether it asks for them
   */
  private record Asked(List<Integer> prompts, int draws, boolean tokens) {}

  private static Asked withTokens(int draws, Integer... prompts) {
    return new Asked(List.of(prompts), draws, /* tokens= */ true);
  }

  private static Asked withoutTokens(int draws, Integer... prompts) {
    return new Asked(List.of(prompts), draws, /* tokens= */ false);
  }

  private static DrawRequest of(int prompt, int draws) {
    return new DrawRequest(
        new Hypothesis(prompt, 0, Candidate.empty(), 0, 1), draws, /* maxTokens= */ 5);
  }

  private Answer answer(Batch batch, Predicate<Asked> refuses) {
    List<Integer> prompts = batch.requests().stream().map(request -> request.from().id()).toList();
    Asked now = new Asked(prompts, batch.draws(), model.tellsTokens());
    asked.add(now);
    numbers.add(batch.number());
    if (busy && !now.tokens()) {
      busy = false;
      throw new ServerException("busy", 503);
    }
    if (refuses.test(now)) {
      throw new ServerException("no", 400);
    }
    List<Choice> each = Collections.nCopies(Math.min(mostGiven, batch.draws()), CHOICE);
    return new Answer(prompts.stream().map(prompt -> each).toList(), null);
  }

  /** Asks for a round, and returns the numbers of the prompts that were answered. */
  private List<Integer> ask(Predicate<Asked> refuses, DrawRequest... round) {
    asked.clear();
    numbers.clear();
    List<Outcome<List<Piece>>> outcomes =
        model.ask(List.of(round), batch -> answer(batch, refuses), new CallMeter());
    Outcome.requireSome(outcomes, "requests");
    return Outcome.values(outcomes).stream()
        .flatMap(List::stream)
        .flatMap(piece -> piece.batch().requests().stream())
        .map(request -> request.from().id())
        .distinct()
        .toList();
  }

  @Test
  void theLastPartOfARoundHasWhatIsLeft() {
    ask(request -> request.draws() > 2, of(1, 4));
    assertThat(asked)
        .containsExactly(withTokens(4, 1), withoutTokens(4, 1), withTokens(2, 1), withTokens(2, 1));
    ask(request -> request.draws() > 2, of(1, 5));
    assertThat(asked).containsExactly(withTokens(2, 1), withTokens(2, 1), withTokens(1, 1));
  }

  /** Seeds are made of them. */
  @Test
  void noTwoRequestsOfARoundHaveOneNumber() {
    ask(request -> request.draws() > 2, of(1, 2), of(2, 4));
    assertThat(asked)
        .containsExactly(
            withTokens(2, 1),
            withTokens(4, 2),
            withoutTokens(4, 2),
            withTokens(2, 2),
            withTokens(2, 2));
    assertThat(numbers).doesNotHaveDuplicates();
  }

  @Test
  void tokensAreSuspectedFirstAndThenOnlyWhereNothingElseIsLeft() {
    ask(request -> request.draws() > 2, of(1, 4));
    assertThat(model.tellsTokens()).isTrue();
    ask(request -> request.draws() > 1, of(1, 2));
    assertThat(asked).containsExactly(withTokens(2, 1), withTokens(1, 1), withTokens(1, 1));
    ask(Asked::tokens, of(1, 1));
    assertThat(asked).containsExactly(withTokens(1, 1), withoutTokens(1, 1));
    assertThat(model.tellsTokens()).isFalse();
    assertThatThrownBy(() -> ask(request -> true, of(1, 1))).hasMessage("no");
    assertThat(asked).containsExactly(withoutTokens(1, 1));
  }

  /** Of a prompt that is too long, say, nothing is learnt about how many go together. */
  @Test
  void aPromptThatIsRefusedAloneSaysNothingOfLists() {
    assertThat(ask(request -> request.prompts().contains(2), of(1, 1), of(2, 1)))
        .containsExactly(1);
    assertThat(asked)
        .containsExactly(
            withTokens(1, 1, 2),
            withoutTokens(1, 1, 2),
            withTokens(1, 1),
            withTokens(1, 2),
            withoutTokens(1, 2));
    ask(request -> false, of(1, 1), of(3, 1));
    assertThat(asked).containsExactly(withTokens(1, 1, 3));
  }

  @Test
  void onceTokensWereToBlameAnyNumberOfChoicesIsAskedForAgain() {
    busy = true;
    ask(Asked::tokens, of(1, 4));
    assertThat(asked)
        .containsExactly(
            withTokens(4, 1),
            withoutTokens(4, 1), // busy
            withTokens(2, 1),
            withTokens(1, 1),
            withoutTokens(1, 1),
            withoutTokens(1, 1),
            withoutTokens(2, 1));
    ask(Asked::tokens, of(1, 4));
    assertThat(asked).containsExactly(withoutTokens(4, 1));
  }

  @Test
  void onceTokensWereToBlameListsAreSentAgain() {
    ask(request -> request.prompts().size() > 1, of(1, 1), of(2, 1));
    assertThat(asked)
        .containsExactly(
            withTokens(1, 1, 2), withoutTokens(1, 1, 2), withTokens(1, 1), withTokens(1, 2));
    ask(Asked::tokens, of(1, 1), of(2, 1));
    assertThat(asked).containsExactly(withTokens(1, 1), withoutTokens(1, 1), withoutTokens(1, 2));
    ask(Asked::tokens, of(1, 1), of(2, 1));
    assertThat(asked).containsExactly(withoutTokens(1, 1, 2));
  }

  @Test
  void whereTokensTurnOutToBeToBlameTheRestOfAListGoesTogether() {
    busy = true;
    ask(Asked::tokens, of(1, 1), of(2, 1), of(3, 1));
    assertThat(asked)
        .containsExactly(
            withTokens(1, 1, 2, 3),
            withoutTokens(1, 1, 2, 3), // busy
            withTokens(1, 1),
            withoutTokens(1, 1),
            withoutTokens(1, 2, 3));
    ask(Asked::tokens, of(1, 1), of(2, 1));
    assertThat(asked).containsExactly(withoutTokens(1, 1, 2));
    assertThat(model.fallbacks()).isOne();
  }

  @Test
  void aServerThatGivesFewerIsNotAskedForMoreAgain() {
    mostGiven = 1;
    ask(request -> false, of(1, 3));
    assertThat(asked).containsExactly(withTokens(3, 1), withTokens(1, 1), withTokens(1, 1));
    ask(request -> false, of(1, 3));
    assertThat(asked).containsExactly(withTokens(1, 1), withTokens(1, 1), withTokens(1, 1));
    assertThat(model.fallbacks()).isOne();
  }

  @Test
  void whatIsFoundOutTwiceCountsOnce() {
    mostGiven = 1;
    ask(request -> false, of(1, 3), of(2, 2));
    assertThat(asked)
        .containsExactly(
            withTokens(3, 1),
            withTokens(1, 1),
            withTokens(1, 1),
            withTokens(2, 2),
            withTokens(1, 2));
    assertThat(model.fallbacks()).isOne();
  }

  @Test
  void eachKindOfLimitIsWarnedOfOnce() {
    assertThat(Logged.during(() -> ask(request -> request.draws() > 2, of(1, 16))))
        .filteredOn(line -> line.contains("takes no more than"))
        .singleElement()
        .asString()
        .endsWith(
            "http://a/v1#base takes no more than 8 choices of a prompt in a request, as far as is"
                + " known: no");
    assertThat(model.fallbacks()).as("8, 4 and 2").isEqualTo(3);
    assertThat(
            Logged.during(
                () -> ask(request -> request.prompts().size() > 1, of(1, 2), of(2, 2), of(3, 2))))
        .filteredOn(line -> line.contains("takes no more than"))
        .singleElement()
        .asString()
        .contains("takes no more than 1 prompts in a request");
  }

  @Test
  void itGoesByItsName() {
    assertThat(model).hasToString("http://a/v1#base");
  }
}
