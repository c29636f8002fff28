// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.testkit.FakeSampler;
import dev.w2s.testkit.FakeScorer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands between the scorer and the strategy. */
class GuardTest {
  private final FakeSampler sampler =
      new FakeSampler().on("", "a.", "b", "a.").on("b", "c.", "d.", "c.");
  private final FakeScorer scorer =
      new FakeScorer().on("a.", 1).on("b", 2).on("bc.", 3).on("bd.", 4);

  private SearchResult search(Guard guard) {
    SearchSettings settings = SearchSettings.chunkBeam(1, 3, 1).withMaxTokens(5);
    return new Search(settings.withGuard(guard)).run(sampler, scorer);
  }

  @Test
  void itSeesEveryRoundsNewHypothesesWithTheirScores() {
    List<List<Hypothesis>> seen = new ArrayList<>();

    search(
        fresh -> {
          seen.add(fresh);
          return fresh;
        });

    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).extracting(Hypothesis::score).containsExactly(1.0, 2.0);
    assertThat(seen.get(0)).extracting(Hypothesis::draws).containsExactly(2, 1);
    assertThat(seen.get(1)).extracting(Hypothesis::parent).containsExactly(2, 2);
  }

  @Test
  void whatItDropsOrLowersIsNotKept() {
    assertThat(search(fresh -> fresh.subList(0, 1)).best().candidate().text()).isEqualTo("a");
    assertThat(search(GuardTest::halvedByLength).best())
        .extracting(best -> best.candidate().text(), Hypothesis::score)
        .containsExactly("bd", 2.0);
  }

  private static List<Hypothesis> halvedByLength(List<Hypothesis> fresh) {
    return fresh.stream().map(h -> h.withScore(h.score() / h.candidate().tokens())).toList();
  }

  @Test
  @SuppressWarnings("NullAway") // null is what is tested
  void itMustKeepSomethingOfTheRoundWithFiniteScores() {
    assertBroken(fresh -> null, "guard returned nothing, must keep at least one");
    assertBroken(fresh -> List.of(), "guard returned nothing, must keep at least one");
    assertBroken(
        fresh -> List.of(fresh.get(0), fresh.get(0)),
        "guard returned hypothesis 1, must return each of the round's at most once");
    assertBroken(
        fresh -> List.of(Hypothesis.root()),
        "guard returned hypothesis 0, must return each of the round's at most once");
    assertBroken(
        fresh -> List.of(fresh.get(0).withScore(Double.NaN)),
        "guard gave hypothesis 1 the score NaN, must be finite");
  }

  private void assertBroken(Guard guard, String message) {
    assertThatThrownBy(() -> search(guard))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  @Test
  void itIsNotAskedWhereThereIsNothingToChoose() {
    Guard never =
        fresh -> {
          throw new AssertionError("asked");
        };
    SearchSettings plain = SearchSettings.plainSampling().withGuard(never);

    SearchResult result =
        new Search(plain).run(new FakeSampler().on("", "a."), CandidateScorer.none());

    assertThat(result.best().isScored()).isFalse();
  }
}
