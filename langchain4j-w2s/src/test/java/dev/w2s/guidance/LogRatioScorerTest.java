// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.PositionLimitException;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.CandidateScorer.Scores;
import dev.w2s.search.PositionsExhaustedException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogRatioScorerTest {
  private static final String PROMPT = "This mov";

  private GuidancePair positive;
  private GuidancePair reversed;

  @BeforeAll
  void load() {
    positive = GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
    reversed = GuidancePair.load("embedded:movie-reviews/untuned", "embedded:movie-reviews/tuned");
  }

  @AfterAll
  void close() {
    positive.close();
    reversed.close();
  }

  private static Candidate open(String text) {
    return new Candidate(text, 5, Status.OPEN);
  }

  private static Candidate ended(String text) {
    return new Candidate(text, 5, Status.ENDED);
  }

  private List<Double> fresh(Candidate candidate) {
    try (LogRatioScorer scorer = scorer(positive, 1)) {
      return scorer.score(List.of(candidate)).nats();
    }
  }

  private static LogRatioScorer scorer(GuidancePair pair, double weight) {
    return new LogRatioScorer(List.of(new WeightedPair(pair, weight)), Prompt.of(PROMPT));
  }

  /** Rounds of a search: texts grow, are forked and dropped, and their last tokens change. */
  @Test
  void scoresThroughASearchEqualScoresAfresh() {
    List<List<Candidate>> rounds =
        List.of(
            List.of(open("ie was gre"), open("ie w"), open("ies of thi"), ended("ie.")),
            List.of(open("ie was great. I lo"), open("ie was green"), open("ie war")),
            List.of(
                open("ie was great. I loved it!"), open("ie was great. I lost"), open("ie was")),
            List.of(
                ended("ie was great. I loved it! Ever"), open("ie was great. I loved it! Even")),
            List.of(open("ie was great. I loved it! Every 🙂"), open("ie w")));
    try (LogRatioScorer scorer = scorer(positive, 1)) {
      for (List<Candidate> round : rounds) {
        Scores scores = scorer.score(round);
        for (int i = 0; i < round.size(); i++) {
          assertThat(scores.nats().get(i))
              .as("%s", round.get(i))
              .isCloseTo(fresh(round.get(i)).get(0), within(1e-4));
        }
      }
    }
  }

  @Test
  void onlyNewTokensAreRun() {
    try (LogRatioScorer scorer = scorer(positive, 1)) {
      long first = scorer.score(List.of(open("ie was great"))).tokens();
      long second = scorer.score(List.of(open("ie was great fun"))).tokens();
      // BOS, "This", " mov"/" movie", " was" are run for both models; " great" when it is followed.
      assertThat(first).isEqualTo(2L * 4);
      assertThat(second).isEqualTo(2L);
    }
  }

  @Test
  void severalPairsAreSummedByWeight() {
    Candidate candidate = ended("ie was wonderful.");
    double score = fresh(candidate).get(0);
    List<WeightedPair> pairs =
        List.of(new WeightedPair(positive, 0.75), new WeightedPair(reversed, 0.25));
    try (LogRatioScorer scorer = new LogRatioScorer(pairs, Prompt.of(PROMPT))) {
      // The reversed pair gives the negative of the same ratio.
      assertThat(scorer.score(List.of(candidate)).nats().get(0))
          .isCloseTo(0.75 * score - 0.25 * score, within(1e-6));
    }
    try (LogRatioScorer away = scorer(positive, -2)) {
      assertThat(away.score(List.of(candidate)).nats().get(0)).isCloseTo(-2 * score, within(1e-6));
    }
  }

  @Test
  void aScoreIsTheDifferenceThatThePairGives() {
    try (PairSession session = positive.open(Prompt.of(PROMPT))) {
      PairScore pair = session.score(List.of(new Response("ie was wonderful.", true))).get(0);
      assertThat(fresh(ended("ie was wonderful.")).get(0)).isEqualTo(pair.tuned() - pair.untuned());
    }
  }

  @Test
  void aTextBeyondThePositionsEndsTheSearchAndTheScorerStaysUsable() {
    String tooLong = "ie was" + " very".repeat(600);
    try (LogRatioScorer scorer = scorer(positive, 1)) {
      assertThatThrownBy(() -> scorer.score(List.of(open("ie was"), open(tooLong))))
          .isInstanceOf(PositionsExhaustedException.class)
          .hasCauseInstanceOf(PositionLimitException.class)
          .hasMessageContaining("embedded:movie-reviews/tuned")
          .hasMessageContaining("512 positions");
      assertThat(scorer.score(List.of(open("ie was"))).nats()).isEqualTo(fresh(open("ie was")));
    }
  }

  @Test
  void argumentsAreChecked() {
    assertThatThrownBy(() -> new LogRatioScorer(List.of(), Prompt.of(PROMPT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pairs is empty");
    assertThatThrownBy(() -> new WeightedPair(positive, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight is 0.0");
    assertThatThrownBy(() -> new WeightedPair(positive, Double.NaN))
        .hasMessageContaining("weight is NaN");
    assertThatThrownBy(
            () ->
                new LogRatioScorer(
                    List.of(new WeightedPair(positive, 1)), Prompt.of("very ".repeat(600))))
        .isInstanceOf(PositionLimitException.class)
        .hasMessageContaining("prompt has");
  }
}
