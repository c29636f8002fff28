// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static dev.w2s.search.Candidate.Status.CUT;
import static dev.w2s.search.Candidate.Status.ENDED;
import static dev.w2s.search.Candidate.Status.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.testkit.FakeSampler;
import dev.w2s.testkit.FakeScorer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search by hand-computed examples; see {@link FakeSampler} for how the draws are written. */
class ChunkBeamSearchTest {

  private final FakeSampler sampler = new FakeSampler();
  private final FakeScorer scorer = new FakeScorer();
  private final Trace trace = new Trace();

  /** A hypothesis without its place in the search. */
  private record Scored(Candidate candidate, double score) {}

  private SearchResult search(int beamWidth, int successors, int chunkLength, int maxTokens) {
    return new Search(
            SearchSettings.chunkBeam(beamWidth, successors, chunkLength).withMaxTokens(maxTokens))
        .run(sampler, scorer, trace, new Cancellation());
  }

  private static Scored scored(String text, Candidate.Status status, double score) {
    return new Scored(new Candidate(text, text.length(), status), score);
  }

  private static Scored scored(Hypothesis hypothesis) {
    return new Scored(hypothesis.candidate(), hypothesis.score());
  }

  private static List<Scored> scored(List<Hypothesis> hypotheses) {
    return hypotheses.stream().map(ChunkBeamSearchTest::scored).toList();
  }

  @Test
  void keepsTheBestOfAllSuccessorsNotTheBestOfEachHypothesis() {
    sampler.on("", "aa", "bb", "cc", "dd").on("dd", "xx", "yy").on("bb", "xx", "yy");
    scorer.on("aa", 1).on("bb", 3).on("cc", 2).on("dd", 4);
    scorer.on("ddxx", 3.5).on("ddyy", 5).on("bbxx", 1).on("bbyy", 3);

    SearchResult result = search(2, 2, 2, 4);

    // Both survivors come from dd; bb was second best and none of its successors is.
    assertThat(scored(result.hypotheses()))
        .containsExactly(scored("ddyy", CUT, 5), scored("ddxx", CUT, 3.5));
    assertThat(scored(result.best())).isEqualTo(scored("ddyy", CUT, 5));
    assertThat(result.stopReason()).isEqualTo(StopReason.TOKEN_LIMIT);
    assertThat(result.failure()).isNull();
  }

  @Test
  void asksSamplerAndScorerOnceARound() {
    sampler.on("", "aa", "bb", "cc", "dd").on("dd", "xx", "yy").on("bb", "xx", "yy");
    scorer.on("aa", 1).on("bb", 3).on("cc", 2).on("dd", 4);
    scorer.on("ddxx", 3.5).on("ddyy", 5).on("bbxx", 1).on("bbyy", 3);

    search(2, 2, 2, 4);

    assertThat(sampler.rounds)
        .containsExactly(
            List.of(new DrawRequest(Hypothesis.root(), 4, 2)),
            List.of(
                new DrawRequest(new Hypothesis(4, 0, new Candidate("dd", 2, OPEN), 4, 1), 2, 2),
                new DrawRequest(new Hypothesis(2, 0, new Candidate("bb", 2, OPEN), 3, 1), 2, 2)));
    assertThat(scorer.rounds)
        .containsExactly(List.of("aa", "bb", "cc", "dd"), List.of("ddxx", "ddyy", "bbxx", "bbyy"));
  }

  @Test
  void bestOfNScoresWholeResponsesOnce() {
    sampler.on("", "good.", "better.", "best.");
    scorer.on("good.", 0.1).on("better.", -7).on("best.", 0.2);

    SearchResult result =
        new Search(SearchSettings.bestOf(3).withMaxTokens(SearchSettings.UNLIMITED))
            .run(sampler, scorer);

    assertThat(scored(result.hypotheses())).containsExactly(scored("best", ENDED, 0.2));
    assertThat(result.stopReason()).isEqualTo(StopReason.ENDED);
    assertThat(sampler.rounds)
        .containsExactly(List.of(new DrawRequest(Hypothesis.root(), 3, SearchSettings.UNLIMITED)));
  }

  @Test
  void plainSamplingDoesNotConsultTheScorer() {
    sampler.on("", "ab").on("ab", "cd").on("abcd", "e.");

    SearchResult result = search(1, 1, 2, 50);

    assertThat(scored(result.best())).isEqualTo(scored("abcde", ENDED, Double.NaN));
    assertThat(scorer.rounds).isEmpty();
    assertThat(trace.rounds()).extracting(Round::scoring).containsOnly(Duration.ZERO);
    assertThat(result.usage()).isEqualTo(new Usage(5, 0, 3, 0));
  }

  @Test
  void endedHypothesesCompeteOnButAreNeitherExtendedNorCopiedNorRescored() {
    sampler.on("", "a.", "bb", "cc", "dd").on("bb", "x.", "yy").on("bbyy", "zz", "z.");
    scorer.on("a.", 2).on("bb", 3).on("cc", 0).on("dd", 1);
    scorer.on("bbx.", 1).on("bbyy", 4).on("bbyyzz", 1.5).on("bbyyz.", 1);

    SearchResult result = search(2, 2, 2, 6);

    assertThat(scored(result.hypotheses()))
        .containsExactly(scored("a", ENDED, 2), scored("bbyyzz", CUT, 1.5));
    assertThat(sampler.hypotheses()).containsExactly(List.of(""), List.of("bb"), List.of("bbyy"));
    assertThat(scorer.rounds)
        .containsExactly(
            List.of("a.", "bb", "cc", "dd"), List.of("bbx.", "bbyy"), List.of("bbyyzz", "bbyyz."));
    assertThat(result.stopReason()).isEqualTo(StopReason.ENDED);
  }

  @Test
  void aBetterSuccessorPushesAnEndedHypothesisOut() {
    sampler.on("", "a.", "bb").on("bb", "x.", "y.");
    scorer.on("a.", 2).on("bb", 3).on("bbx.", 1).on("bby.", 2.5);

    assertThat(scored(search(1, 2, 2, 9).hypotheses())).containsExactly(scored("bby", ENDED, 2.5));
  }

  @Test
  void identicalCandidatesAreMergedBeforeScoring() {
    sampler.on("", "aa", "bb", "aa", "aa").on("aa", "x.", "x.").on("bb", "y.", "x.");
    scorer.on("aa", 2).on("bb", 1).on("aax.", 5).on("bby.", 3).on("bbx.", 4);

    SearchResult result = search(2, 2, 2, 9);

    assertThat(scorer.rounds).containsExactly(List.of("aa", "bb"), List.of("aax.", "bby.", "bbx."));
    assertThat(scored(result.hypotheses()))
        .containsExactly(scored("aax", ENDED, 5), scored("bbx", ENDED, 4));
    assertThat(trace.rounds().get(0).kept())
        .extracting(Hypothesis::draws)
        .as("equal draws are counted")
        .containsExactly(3, 1);
    assertThat(trace.rounds().get(1).candidates())
        .extracting(Hypothesis::draws)
        .containsExactly(2, 1, 1);
  }

  @Test
  void aCandidateThatRepeatsACarriedHypothesisIsMergedWithIt() {
    scorer.on("ab.", 2).on("a", 1);

    SearchResult result = searchTwoByOne(new FakeSampler().on("", "ab.", "a").on("a", "b."));

    assertThat(scored(result.hypotheses())).containsExactly(scored("ab", ENDED, 2));
    assertThat(scorer.rounds).as("nothing new to score in round two").hasSize(1);
    assertThat(trace.rounds().get(1).scoring()).isZero();
    assertThat(trace.rounds().get(1).drawn()).isEqualTo(1);
    assertThat(trace.rounds().get(1).candidates()).isEqualTo(result.hypotheses());
  }

  private SearchResult searchTwoByOne(FakeSampler draws) {
    return new Search(SearchSettings.chunkBeam(2, 1, 2))
        .run(draws, scorer, trace, new Cancellation());
  }

  @Test
  void anEndedAndAnOpenResponseOfTheSameTextStayApart() {
    scorer.on("ab.", 2).on("ab", 1).on("abc.", 0.5);

    SearchResult result = searchTwoByOne(new FakeSampler().on("", "ab.", "ab").on("ab", "c."));

    assertThat(scored(result.hypotheses()))
        .containsExactly(scored("ab", ENDED, 2), scored("abc", ENDED, 0.5));
  }

  @Test
  void aCutResponseIsScoredAsOneThatHasNotEnded() {
    scorer.on("ab.", 2).on("ab", 1);

    SearchResult result =
        new Search(SearchSettings.chunkBeam(2, 1, 5).withMaxTokens(2))
            .run(new FakeSampler().on("", "abcde", "ab."), scorer);

    assertThat(scored(result.hypotheses()))
        .containsExactly(scored("ab", ENDED, 2), scored("ab", CUT, 1));
    assertThat(scorer.rounds).containsExactly(List.of("ab", "ab."));
  }

  @Test
  void theLastChunkIsShortenedToTheTokenLimitForEachHypothesisAlone() {
    sampler.on("", "aaaa", "b").on("aaaa", "xxxx").on("b", "yyyy").on("byyyy", "zzzz");
    scorer.on("aaaa", 1).on("b", 2).on("aaaaxx", 1).on("byyyy", 2).on("byyyyz", 2);

    SearchResult result = search(2, 1, 4, 6);

    assertThat(sampler.rounds.stream().flatMap(List::stream))
        .extracting(DrawRequest::maxTokens)
        .containsExactly(4, 4, 2, 1);
    assertThat(scored(result.hypotheses()))
        .containsExactly(scored("byyyyz", CUT, 2), scored("aaaaxx", CUT, 1));
  }

  @Test
  void unlimitedStaysUnlimitedInLaterRounds() {
    sampler.on("", "ab").on("ab", "c.");

    new Search(SearchSettings.plainSampling().withMaxTokens(SearchSettings.UNLIMITED))
        .run(sampler, scorer);

    assertThat(sampler.rounds.stream().flatMap(List::stream))
        .extracting(DrawRequest::maxTokens)
        .containsOnly(SearchSettings.UNLIMITED);
  }

  @Test
  void amongEqualScoresTheEarlierDrawWinsEvenForNegativeZero() {
    sampler.on("", "a.", "b.", "c.");
    scorer.on("a.", -0.0).on("b.", 0.0).on("c.", -0.0);

    assertThat(scored(search(1, 3, 5, 50).hypotheses())).containsExactly(scored("a", ENDED, 0.0));
  }

  @Test
  void theTraceTellsEveryRoundAndIsATree() {
    sampler.on("", "a.", "bb", "cc", "bb").on("bb", "x.", "yy");
    scorer.on("a.", 2).on("bb", 3).on("cc", 0).on("bbx.", 1).on("bbyy", 4);

    SearchResult result = search(2, 2, 2, 4);

    assertThat(trace.rounds()).hasSize(2).hasSize(result.rounds());
    Round first = trace.rounds().get(0);
    assertThat(first.number()).isEqualTo(1);
    Hypothesis a = new Hypothesis(1, 0, new Candidate("a", 1, ENDED), 2, 1);
    Hypothesis b = new Hypothesis(2, 0, new Candidate("bb", 2, OPEN), 3, 2);
    Hypothesis c = new Hypothesis(3, 0, new Candidate("cc", 2, OPEN), 0, 1);
    assertThat(first.candidates()).containsExactly(a, b, c);
    assertThat(first.kept()).containsExactly(b, a);
    assertThat(first.carriedOver()).isZero();
    assertThat(first.drawn()).isEqualTo(4);
    assertThat(first.usage()).isEqualTo(new Usage(7, 5, 1, 0));
    Round second = trace.rounds().get(1);
    assertThat(second.number()).isEqualTo(2);
    assertThat(second.candidates())
        .containsExactly(
            a,
            new Hypothesis(4, 2, new Candidate("bbx", 3, ENDED), 1, 1),
            new Hypothesis(5, 2, new Candidate("bbyy", 4, CUT), 4, 1));
    assertThat(second.kept()).isEqualTo(result.hypotheses());
    assertThat(second.carriedOver()).isEqualTo(1);
    assertThat(second.drawn()).isEqualTo(2);
    assertThat(second.usage()).isEqualTo(result.usage()).isEqualTo(new Usage(10, 12, 2, 0));
  }

  @Test
  void closesNeitherSamplerNorScorer() {
    sampler.on("", "a.");

    search(1, 1, 5, 5);

    assertThat(sampler.closed).isFalse();
    assertThat(scorer.closed).isFalse();
  }
}
