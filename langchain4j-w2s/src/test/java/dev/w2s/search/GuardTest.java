// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.testkit.FakeSampler;
import dev.w2s.testkit.FakeScorer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What chooses among a round's hypotheses. */
class GuardTest {
  private final FakeSampler sampler =
      new FakeSampler().on("", "a.", "b", "a.").on("b", "c.", "d.", "c.");
  private final FakeScorer scorer =
      new FakeScorer().on("a.", 1).on("b", 2).on("bc.", 3).on("bd.", 4);

  private SearchResult search(int beamWidth, int successors, Guard guard, SearchListener listener) {
    SearchSettings settings =
        SearchSettings.chunkBeam(beamWidth, successors, 1).withMaxTokens(5).withGuard(guard);
    return new Search(settings).run(sampler, scorer, listener, new Cancellation());
  }

  private SearchResult search(Guard guard) {
    return search(1, 3, guard, SearchListener.none());
  }

  @Test
  void itSeesWhatCompetesWithItsParentsAndItsSharesOfTheDraws() {
    List<List<Contender>> seen = new ArrayList<>();

    search(
        (contenders, places) -> {
          assertThat(places).isEqualTo(1);
          seen.add(contenders);
          return Guard.none().choose(contenders, places);
        });

    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).extracting(c -> c.candidate().text()).containsExactly("a", "b");
    assertThat(seen.get(0)).extracting(Contender::share).containsExactly(2.0 / 3, 1.0 / 3);
    assertThat(seen.get(0)).extracting(Contender::parent).containsOnly(Hypothesis.root());
    assertThat(seen.get(0)).extracting(Contender::gain).containsExactly(1.0, 2.0);
    assertThat(seen.get(1)).extracting(c -> c.parent().candidate().text()).containsOnly("b");
    assertThat(seen.get(1)).extracting(Contender::gain).containsExactly(1.0, 2.0);
    assertThat(seen.get(1)).extracting(Contender::tokens).containsExactly(1, 1);
  }

  /** "a" is held as closed and would have been continued twice; "b" is, by "c" and "d". */
  @Test
  void aClosedOneCountsAsWhatWouldHaveBeenDrawnInItsPlace() {
    sampler.on("", "a.", "b", "a.", "a.").on("b", "c.", "d.");
    List<List<Contender>> seen = new ArrayList<>();

    search(
        2,
        2,
        (contenders, places) -> {
          seen.add(contenders);
          return Guard.none().choose(contenders, places);
        },
        SearchListener.none());

    List<Contender> second = seen.get(1);
    assertThat(second).extracting(c -> c.candidate().text()).containsExactly("a", "bc", "bd");
    assertThat(second).extracting(Contender::share).containsExactly(0.5, 0.25, 0.25);
    assertThat(second.get(0).parent()).isEqualTo(second.get(0).hypothesis());
    assertThat(second.get(0).gain()).isZero();
    assertThat(second.get(0).tokens()).isZero();
  }

  @Test
  void whatItChoosesIsKeptAndTheScoresStay() {
    SearchResult result = search((contenders, places) -> List.of(contenders.get(0).hypothesis()));
    assertThat(result.hypotheses()).hasSize(1);
    assertThat(result.best().candidate().text()).isEqualTo("a");
    assertThat(result.best().score()).isEqualTo(1);
  }

  @Test
  void oneThatItChoosesTwiceIsContinuedAsManyTimes() {
    sampler.on("", "a.", "b", "a.", "a.").on("b", "c.", "d.", "c.", "c.");
    List<Round> rounds = new ArrayList<>();
    Guard onlyTheLast =
        (contenders, places) ->
            Collections.nCopies(places, contenders.get(contenders.size() - 1).hypothesis());

    SearchResult result = search(2, 2, onlyTheLast, rounds::add);

    assertThat(sampler.rounds.get(1)).extracting(DrawRequest::draws).containsExactly(4);
    assertThat(result.hypotheses()).hasSize(1);
    assertThat(result.best().candidate().text()).isEqualTo("bd");
    // Of "a" and "b" the scores would have kept both, of "bc" and "bd" as well.
    assertThat(rounds).extracting(Round::overruled).containsExactly(1, 1);
  }

  @Test
  void withoutOneNothingIsOverruled() {
    List<Round> rounds = new ArrayList<>();
    SearchResult result = search(1, 3, Guard.none(), rounds::add);
    assertThat(result.best().candidate().text()).isEqualTo("bd");
    assertThat(rounds).extracting(Round::overruled).containsOnly(0);
    assertThat(Guard.none()).hasToString("none");
  }

  @Test
  @SuppressWarnings("NullAway") // null is what is tested
  void itMustChooseAmongTheRoundsHypotheses() {
    assertBroken((all, places) -> null, "guard chose 0 hypotheses, must choose from 1 to 1");
    assertBroken((all, places) -> List.of(), "guard chose 0 hypotheses, must choose from 1 to 1");
    assertBroken(
        (all, places) -> all.stream().map(Contender::hypothesis).toList(),
        "guard chose 2 hypotheses, must choose from 1 to 1");
    assertBroken(
        (all, places) -> List.of(Hypothesis.root()),
        "guard chose hypothesis 0, must choose among the round's");
    assertBroken(
        (all, places) -> Collections.singletonList(null),
        "guard chose hypothesis null, must choose among the round's");
  }

  private void assertBroken(Guard guard, String message) {
    assertThatThrownBy(() -> search(guard))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  @Test
  void aContendersShareIsAShare() {
    for (double good : new double[] {0, 1}) {
      assertThat(new Contender(Hypothesis.root(), Hypothesis.root(), good).share()).isEqualTo(good);
    }
    for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new Contender(Hypothesis.root(), Hypothesis.root(), bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("share is " + bad + ", must be from 0 to 1");
    }
  }

  @Test
  void itIsNotAskedWhereThereIsNothingToChoose() {
    Guard never =
        (contenders, places) -> {
          throw new AssertionError("asked");
        };
    SearchSettings plain = SearchSettings.plainSampling().withGuard(never);

    SearchResult result =
        new Search(plain).run(new FakeSampler().on("", "a."), CandidateScorer.none());

    assertThat(result.best().isScored()).isFalse();
  }
}
