// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.OpenNatives;
import dev.w2s.model.Placement;
import dev.w2s.model.PositionLimitException;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.CandidateScorer;
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

  @BeforeAll
  void load() {
    positive = GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
  }

  @AfterAll
  void close() {
    positive.close();
  }

  private static Candidate open(String text) {
    return new Candidate(text, 5, Status.OPEN);
  }

  private static Candidate ended(String text) {
    return new Candidate(text, 5, Status.ENDED);
  }

  private double fresh(Candidate candidate) {
    try (CandidateScorer scorer = scorer()) {
      return scorer.score(List.of(candidate))[0];
    }
  }

  private CandidateScorer scorer() {
    return positive.open(Prompt.of(PROMPT));
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
    try (CandidateScorer scorer = scorer()) {
      for (List<Candidate> round : rounds) {
        double[] scores = scorer.score(round);
        for (int i = 0; i < round.size(); i++) {
          assertThat(scores[i]).as("%s", round.get(i)).isCloseTo(fresh(round.get(i)), within(1e-4));
        }
      }
    }
  }

  @Test
  void onlyNewTokensAreRun() {
    try (CandidateScorer scorer = scorer()) {
      scorer.score(List.of(open("ie was great")));
      long first = scorer.tokensRun();
      scorer.score(List.of(open("ie was great fun")));
      long second = scorer.tokensRun() - first;
      // BOS, "This", " mov"/" movie", " was" are run for both models; " great" when it is followed.
      assertThat(first).isEqualTo(2L * 4);
      assertThat(second).isEqualTo(2L);
    }
  }

  @Test
  void aScoreIsTheDifferenceThatThePairGives() {
    try (PairSession session = positive.openSession(Prompt.of(PROMPT))) {
      PairScore pair = session.score(List.of(new Response("ie was wonderful.", true))).get(0);
      assertThat(fresh(ended("ie was wonderful."))).isEqualTo(pair.tuned() - pair.untuned());
    }
  }

  @Test
  void aTextBeyondThePositionsCannotBeScoredAndIsNoReasonToGiveUpOnTheOthers() {
    Candidate tooLong = open("ie was" + " very".repeat(600));
    try (CandidateScorer scorer = scorer()) {
      assertThat(scorer.score(List.of(tooLong, open("ie was"), tooLong, ended("ie was"))))
          .containsExactly(
              new double[] {Double.NaN, fresh(open("ie was")), Double.NaN, fresh(ended("ie was"))},
              within(1e-4));
    }
  }

  @Test
  void whenNoTextFitsTheModelIsNamedAndTheScorerStaysUsable() {
    String tooLong = "ie was" + " very".repeat(600);
    try (CandidateScorer scorer = scorer()) {
      assertThatThrownBy(() -> scorer.score(List.of(open(tooLong), open(tooLong + "!"))))
          .isInstanceOf(PositionsExhaustedException.class)
          .hasCauseInstanceOf(PositionLimitException.class)
          .hasMessageContaining("embedded:movie-reviews/tuned")
          .hasMessageContaining("512 positions");
      assertThat(scorer.score(List.of(open("ie was")))[0]).isEqualTo(fresh(open("ie was")));
    }
  }

  @Test
  void aClosedScorerHoldsNoNativeMemory() {
    long before = OpenNatives.on(Placement.AUTO).caches();
    CandidateScorer scorer = scorer();
    scorer.score(List.of(open("ie was")));
    assertThat(OpenNatives.on(Placement.AUTO).caches()).isEqualTo(before + 2);
    scorer.close();
    assertThat(OpenNatives.on(Placement.AUTO).caches()).isEqualTo(before);
  }

  @Test
  void itWorksOnTheDeviceOfItsModels() {
    try (CandidateScorer scorer = scorer()) {
      assertThat(scorer)
          .isInstanceOfSatisfying(
              OnDevice.class,
              placed -> assertThat(placed.device()).isEqualTo(positive.tuned().summary().device()));
    }
  }

  @Test
  void aPromptBeyondThePositionsIsRefused() {
    assertThatThrownBy(() -> positive.open(Prompt.of("very ".repeat(600))))
        .isInstanceOf(PositionLimitException.class)
        .hasMessageContaining("prompt has");
  }
}
