// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static dev.w2s.search.Candidate.Status.ENDED;
import static dev.w2s.search.Candidate.Status.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.testkit.FakeSampler;
import dev.w2s.testkit.FakeScorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a search does when the sampler, the scorer or the listener fails or breaks its contract. */
class SearchFailureTest {

  private final FakeSampler sampler = new FakeSampler().on("", "a", "b").on("b", "c.", "d");
  private final FakeScorer scorer = new FakeScorer().on("a", 0).on("b", 1).on("bc.", 3).on("bd", 2);
  private final Search search = new Search(SearchSettings.chunkBeam(1, 2, 1).withMaxTokens(2));

  @Test
  void aFailureInRoundOneIsRethrown() {
    RuntimeException refused = new RuntimeException("401");
    sampler.when("", thrower(refused));

    assertThatThrownBy(() -> search.run(sampler, scorer)).isSameAs(refused);
  }

  @Test
  void aFailureOfTheSamplerLaterReturnsTheBeamSoFar() {
    RuntimeException broken = new RuntimeException("connection reset");
    sampler.when("b", thrower(broken));

    SearchResult result = search.run(sampler, scorer);

    assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
    assertThat(result.failure()).isSameAs(broken);
    assertThat(result.hypotheses())
        .containsExactly(new Hypothesis(2, 0, new Candidate("b", 1, OPEN), 1, 1));
    assertThat(result.rounds()).isEqualTo(1);
    assertThat(result.usage()).as("the failed call counts").isEqualTo(new Usage(2, 2, 2, 0));
  }

  @Test
  void aFailureOfTheScorerLaterReturnsTheBeamSoFarAndCountsTheDraws() {
    RuntimeException broken = new RuntimeException("device lost");
    scorer.failOn("bd", broken);

    SearchResult result = search.run(sampler, scorer);

    assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
    assertThat(result.failure()).isSameAs(broken);
    assertThat(result.best().candidate().text()).isEqualTo("b");
    assertThat(result.usage()).isEqualTo(new Usage(4, 2, 2, 0));
  }

  @Test
  void exhaustedPositionsOfASmallModelEndTheSearchAsSuch() {
    RuntimeException exhausted = new PositionsExhaustedException("needs 2049 of 2048 positions");
    scorer.failOn("bd", exhausted);

    SearchResult result = search.run(sampler, scorer);

    assertThat(result.stopReason()).isEqualTo(StopReason.OUT_OF_POSITIONS);
    assertThat(result.failure()).isSameAs(exhausted);
    assertThat(result.best().candidate().text()).isEqualTo("b");
  }

  @Test
  void exhaustedPositionsInRoundOneAreRethrown() {
    RuntimeException exhausted = new PositionsExhaustedException("prompt too long");
    scorer.failOn("a", exhausted);

    assertThatThrownBy(() -> search.run(sampler, scorer)).isSameAs(exhausted);
  }

  @Test
  void anErrorIsAlwaysRethrown() {
    Error error = new OutOfMemoryError("test");
    sampler.when(
        "b",
        () -> {
          throw error;
        });

    assertThatThrownBy(() -> search.run(sampler, scorer)).isSameAs(error);
  }

  @Test
  void anExceptionOfTheListenerPropagatesFromAnyRound() {
    RuntimeException own = new RuntimeException("listener");
    SearchListener faulty =
        round -> {
          if (round.number() == 2) {
            throw own;
          }
        };

    assertThatThrownBy(() -> search.run(sampler, scorer, faulty, new Cancellation())).isSameAs(own);
  }

  @Test
  void aBrokenContractAfterRoundOneIsAFailureOfTheRound() {
    sampler.on("b", "", "d"); // an open candidate that does not grow

    SearchResult result = search.run(sampler, scorer);

    assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
    assertThat(result.failure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "sampler's candidate 0 for request 0 is OPEN and has 1 tokens,"
                + " must have more than the 1 of its hypothesis or be closed");
  }

  @Test
  void theSamplerMustNotShortenAHypothesis() {
    CandidateSampler shortening =
        sampler(
            request ->
                request.response().tokens() == 0
                    ? List.of(new Candidate("y", 1, OPEN), new Candidate("z", 1, OPEN))
                    : Collections.nCopies(2, new Candidate("", 0, ENDED)));

    SearchResult result = search.run(shortening, constant(1));

    assertThat(result.failure())
        .hasMessage(
            "sampler's candidate 0 for request 0 has 0 tokens,"
                + " must have at least the 1 of its hypothesis");
  }

  @Test
  @SuppressWarnings("NullAway") // nulls are what is tested
  void theSamplerMustAnswerEveryRequestInFull() {
    assertBroken(answers(null), "sampler returned null, must return a list for each request");
    assertBroken(
        answers(List.of()), "sampler returned 0 lists for 1 requests, must return one for each");
    assertBroken(
        answers(Collections.singletonList(null)),
        "sampler returned null candidates for request 0, must return at most 2");
    assertBroken(
        answers(List.of(Collections.nCopies(3, new Candidate("x", 1, OPEN)))),
        "sampler returned 3 candidates for request 0, must return at most 2");
    assertBroken(
        answers(List.of(List.of())),
        "sampler returned no candidate at all, must throw when every draw failed");
    assertBroken(
        answers(List.of(Arrays.asList(new Candidate("x", 1, OPEN), null))),
        "sampler's candidate 1 for request 0 is null, must be a candidate");
  }

  @Test
  @SuppressWarnings("NullAway") // nulls are what is tested
  void theScorerMustScoreEveryCandidateWithAFiniteNumber() {
    assertBroken(scores(null), "scorer returned null, must return scores");
    assertBroken(
        scores(new double[] {1}),
        "scorer returned 1 scores for 2 candidates, must return one for each");
    for (double odd : new double[] {1 / 0.0, -1 / 0.0}) {
      assertBroken(
          scores(new double[] {1, odd}),
          "scorer's score 1 of 2 is " + odd + ", must be finite, or NaN for what cannot be scored");
    }
  }

  @Test
  void aCandidateMustGoOnFromTheTextOfItsHypothesis() {
    CandidateSampler rewriting =
        sampler(
            request ->
                request.response().tokens() == 0
                    ? List.of(new Candidate("y", 1, OPEN), new Candidate("z", 1, OPEN))
                    : Collections.nCopies(2, new Candidate("other", 2, ENDED)));

    SearchResult result = search.run(rewriting, constant(1));

    assertThat(result.failure())
        .hasMessage(
            "sampler's candidate 0 for request 0 does not start with the text of its hypothesis,"
                + " must go on from it");
  }

  @Test
  void drawsThatFailedAreMissingAndTheRoundGoesOn() {
    sampler.on("", "b").on("b", "c.");

    SearchResult result = search.run(sampler, scorer);

    assertThat(result.best().candidate()).isEqualTo(new Candidate("bc", 2, ENDED));
    assertThat(result.usage().dropped()).isEqualTo(2);
  }

  @Test
  void aCandidateThatCannotBeScoredIsDroppedAlone() {
    scorer.on("b", Double.NaN);
    sampler.on("a", "x.", "y.");
    scorer.on("ax.", 1).on("ay.", 2);

    SearchResult result = search.run(sampler, scorer);

    assertThat(result.best().candidate().text()).isEqualTo("ay");
    assertThat(result.best()).extracting(Hypothesis::id, Hypothesis::parent).containsExactly(3, 1);
    assertThat(result.usage().dropped()).isEqualTo(1);
  }

  @Test
  void whenNothingCanBeScoredTheBestSoFarIsReturned() {
    scorer.on("bc.", Double.NaN).on("bd", Double.NaN);

    SearchResult result = search.run(sampler, scorer);

    assertThat(result.stopReason()).isEqualTo(StopReason.OUT_OF_POSITIONS);
    assertThat(result.best().candidate().text()).isEqualTo("b");
    assertThat(result.usage().dropped()).isEqualTo(2);
    scorer.on("a", Double.NaN).on("b", Double.NaN);
    assertThatThrownBy(() -> search.run(sampler, scorer))
        .isInstanceOf(PositionsExhaustedException.class)
        .hasMessage("none of the round's 2 candidates could be scored");
  }

  private void assertBroken(CandidateSampler broken, String message) {
    assertThatThrownBy(() -> search.run(broken, scorer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  private void assertBroken(CandidateScorer broken, String message) {
    assertThatThrownBy(() -> search.run(sampler, broken))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  private static Runnable thrower(RuntimeException exception) {
    return () -> {
      throw exception;
    };
  }

  private static CandidateSampler answers(List<List<Candidate>> answers) {
    return new PortFakes.Sampler(requests -> answers);
  }

  private static CandidateSampler sampler(Function<DrawRequest, List<Candidate>> answer) {
    return new PortFakes.Sampler(
        requests -> {
          List<List<Candidate>> answers = new ArrayList<>();
          requests.forEach(request -> answers.add(answer.apply(request)));
          return answers;
        });
  }

  private static CandidateScorer scores(double[] scores) {
    return new PortFakes.Scorer(candidates -> scores);
  }

  private static CandidateScorer constant(double nats) {
    return new PortFakes.Scorer(
        candidates -> candidates.stream().mapToDouble(candidate -> nats).toArray());
  }
}
