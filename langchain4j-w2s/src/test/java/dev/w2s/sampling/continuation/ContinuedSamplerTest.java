// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.model.StopStrings;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.sampling.calls.RequestSeeds;
import dev.w2s.sampling.calls.ServedModel;
import dev.w2s.sampling.calls.ServedModel.Limits;
import dev.w2s.sampling.continuation.ChatEndpoint.Ask;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SamplingCost;
import dev.w2s.search.SearchSettings;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Completions.Usage;
import dev.w2s.server.Input;
import dev.w2s.server.ServerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rounds of a search against a model that gives the answers that are written here, in turn. */
class ContinuedSamplerTest {
  private final List<Ask> asked = new ArrayList<>();

  private static Choice choice(String text, Finish finish, int tokens) {
    return new Choice(text, Input.of(text), finish, tokens, Double.NaN);
  }

  private static Answer answer(@Nullable Usage usage, Choice... choices) {
    return new Answer(List.of(List.of(choices)), usage);
  }

  private static Answer cut(String text, int tokens) {
    return answer(null, choice(text, Finish.LENGTH, tokens));
  }

  /** Of responses of so many tokens at most. */
  private ContinuedSampler sampler(Continuation wanted, int mostTokens, Answer... answers) {
    Iterator<Answer> next = Arrays.asList(answers).iterator();
    ChatEndpoint endpoint =
        new ChatEndpoint() {
          @Override
          public List<Continuation> ways() {
            return List.of(Continuation.PREFILL, Continuation.INSTRUCTION, Continuation.WHOLE);
          }

          @Override
          public Answer answer(Ask ask) {
            asked.add(ask);
            if (!next.hasNext()) {
              throw new ServerException("down", 503);
            }
            return next.next();
          }
        };
    ContinuedChat chat =
        new ContinuedChat(
            new ServedModel("model", new ParallelCalls(1, null), Limits.CONVERSATION), wanted);
    return new ContinuedSampler(
        chat, endpoint, new StopStrings(List.of()), new RequestSeeds(null), mostTokens);
  }

  /** Nothing is found out beforehand: an instruction is taken as it is. */
  private ContinuedSampler instructed(Answer... answers) {
    return sampler(Continuation.INSTRUCTION, 100, answers);
  }

  private static Candidate only(ContinuedSampler sampler, Candidate from, int maxTokens) {
    List<List<Candidate>> drawn =
        sampler.sample(List.of(new DrawRequest(new Hypothesis(1, 0, from, 0, 1), 1, maxTokens)));
    assertThat(drawn).hasSize(1);
    assertThat(drawn.get(0)).hasSize(1);
    return drawn.get(0).get(0);
  }

  private List<@Nullable Integer> limits() {
    return asked.stream().map(Ask::maxTokens).toList();
  }

  /** Space at the end is not sent, so its tokens are drawn again, with as many more. */
  @Test
  void tokensThatAreDrawnAgainAreAskedForOnTopAndCountOnce() {
    ContinuedSampler sampler =
        instructed(cut(" ", 2), cut(" \n", 4), answer(null, choice(" \n It was", Finish.STOP, 6)));
    Candidate first = only(sampler, Candidate.empty(), 2);
    assertThat(first).isEqualTo(new Candidate("", " ", 2, Status.OPEN, null));
    Candidate second = only(sampler, first, 2);
    assertThat(second).isEqualTo(new Candidate("", " \n", 4, Status.OPEN, null));
    assertThat(only(sampler, second, 2)).isEqualTo(new Candidate(" \n It was", 6, Status.ENDED));
    assertThat(limits()).containsExactly(2, 4, 6);
    assertThat(sampler.cost()).isEqualTo(new SamplingCost(3, 2 + 4 + 6));
  }

  @Test
  void withoutALimitNoneIsAskedForAndATokenIsTheLeast() {
    ContinuedSampler sampler =
        instructed(cut("\n", 5), answer(null, choice("Good", Finish.STOP, 2)));
    Candidate space = only(sampler, Candidate.empty(), 5);
    assertThat(only(sampler, space, SearchSettings.UNLIMITED))
        .isEqualTo(new Candidate("Good", 5 + 1, Status.ENDED));
    assertThat(limits()).containsExactly(5, null);
  }

  @Test
  void whatIsAskedToFindOutHowItGoesOnCountsAsWell() {
    ContinuedSampler sampler =
        sampler(
            Continuation.AUTO,
            100,
            answer(new Usage(20, 8), choice("It was a good", Finish.LENGTH, 0)),
            answer(new Usage(28, 8), choice(" movie", Finish.LENGTH, 0)),
            answer(new Usage(20, 3), choice("It was bad", Finish.LENGTH, 0)));
    assertThat(only(sampler, Candidate.empty(), 3))
        .isEqualTo(new Candidate("It was bad", 3, Status.OPEN));
    assertThat(sampler.cost()).isEqualTo(new SamplingCost(3, 3));
    assertThat(sampler.tokenUsage()).isEqualTo(new TokenUsage(20 + 28 + 20, 8 + 8 + 3));
  }

  @Test
  void ifEveryRequestFailsTheFirstFailureIsThrownAsItIs() {
    ContinuedSampler sampler = instructed();
    DrawRequest request = new DrawRequest(Hypothesis.root(), 1, 5);
    assertThatThrownBy(() -> sampler.sample(List.of(request, request)))
        .isInstanceOf(ServerException.class)
        .hasMessage("down");
  }

  /** Nothing has to be found out for it. */
  @Test
  void aResponseThatMayBeWholeIsAskedForAtOnce() {
    ContinuedSampler sampler = sampler(Continuation.AUTO, 5, cut("It was so", 5));
    assertThat(only(sampler, Candidate.empty(), 5))
        .isEqualTo(new Candidate("It was so", 5, Status.CUT));
    assertThat(asked).containsExactly(new Ask("", Continuation.WHOLE, 1, 5, null));
  }

  @ParameterizedTest
  @CsvSource({"'', 4", "It, 5"})
  void whatMustGoOnIsNotAskedForBeforeItIsKnownHow(String begun, int maxTokens) {
    ContinuedSampler sampler =
        sampler(
            Continuation.AUTO,
            5,
            answer(new Usage(20, 8), choice("It was a good", Finish.LENGTH, 0)),
            answer(new Usage(28, 8), choice(" movie", Finish.LENGTH, 0)),
            cut(" was", maxTokens));
    Candidate drawn = only(sampler, new Candidate(begun, 1, Status.OPEN), maxTokens);
    assertThat(drawn).isEqualTo(new Candidate(begun + " was", 1 + maxTokens, Status.OPEN));
    assertThat(asked).hasSize(3);
    assertThat(asked.get(2)).isEqualTo(new Ask(begun, Continuation.PREFILL, 1, maxTokens, null));
  }

  /** Told of the choice, told of the answer, or what was asked for. */
  @ParameterizedTest
  @CsvSource({
    "LENGTH, 4, 7, 4",
    "LENGTH, 0, 7, 7",
    "STOP, 0, 7, 7",
    "STOP, 0, 0, 1",
    "LENGTH, 0, , 5",
    "STOP, 0, , 3", // a text of eight characters
  })
  void tokensOfTheOnlyChoiceAreThoseOfTheAnswer(
      Finish finish, int told, @Nullable Integer completion, int expected) {
    Usage usage = completion == null ? null : new Usage(20, completion);
    ContinuedSampler sampler = instructed(answer(usage, choice("12345678", finish, told)));
    assertThat(only(sampler, Candidate.empty(), 5).tokens()).isEqualTo(expected);
    assertThat(sampler.cost().tokens()).isEqualTo(expected);
  }

  @Test
  void tokensOfSeveralChoicesAreNotThoseOfTheAnswer() {
    ContinuedSampler sampler =
        instructed(
            answer(
                new Usage(20, 8),
                choice("12345678", Finish.LENGTH, 0),
                choice("12345678", Finish.STOP, 0)));
    List<List<Candidate>> drawn = sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 2, 5)));
    assertThat(drawn.get(0)).extracting(Candidate::tokens).containsExactly(5, 3);
  }

  /** Its limit is the model's, which need not be what was asked for. */
  @Test
  void ofAWholeResponseThatWasCutTokensAreEstimated() {
    ContinuedSampler sampler = sampler(Continuation.WHOLE, 9, cut("12345678", 0));
    assertThat(only(sampler, Candidate.empty(), 9))
        .isEqualTo(new Candidate("12345678", 3, Status.CUT));
  }
}
