// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a search does when the strategy breaks its contract. */
class StrategyFailureTest {
  private final CandidateSampler sampler =
      new PortFakes.Sampler(
          requests -> requests.stream().map(StrategyFailureTest::continued).toList());
  private final CandidateScorer scorer =
      new PortFakes.Scorer(candidates -> new double[candidates.size()]);

  private static List<Candidate> continued(DrawRequest request) {
    Candidate from = request.response();
    List<Candidate> drawn = new ArrayList<>();
    for (int i = 0; i < request.draws(); i++) {
      String text = from.text() + i + ";";
      drawn.add(
          new Candidate(text, "held", from.tokens() + 1, Candidate.Status.OPEN, /* handle= */ i));
    }
    return drawn;
  }

  private SearchResult search(SearchStrategy strategy) {
    SearchMethod method = guard -> strategy;
    return new Search(SearchSettings.of(method)).run(sampler, scorer);
  }

  /** Asks as it is told to, and holds what it was told of, or nothing. */
  private record Scripted(List<List<DrawRequest>> questions, List<Hypothesis> held, boolean holds)
      implements SearchStrategy {

    Scripted(List<List<DrawRequest>> questions, boolean holds) {
      this(new ArrayList<>(questions), new ArrayList<>(), holds);
    }

    @Override
    public List<DrawRequest> ask() {
      return questions.remove(0);
    }

    @Override
    public void tell(List<Hypothesis> fresh) {
      if (holds) {
        held.addAll(fresh);
      }
    }

    @Override
    public List<Hypothesis> best() {
      return held;
    }
  }

  private static List<DrawRequest> draws(int number) {
    return List.of(new DrawRequest(Hypothesis.root(), number, 1));
  }

  private void assertBroken(SearchStrategy strategy, String message) {
    assertThatThrownBy(() -> search(strategy))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  @Test
  void itMustAskForSomethingFirst() {
    assertBroken(
        new Scripted(List.of(List.of()), true),
        "strategy asks for nothing and holds nothing, must ask for draws first");
  }

  @Test
  @SuppressWarnings("NullAway") // null is what is tested
  void itMustAskWithAList() {
    List<List<DrawRequest>> nothing = new ArrayList<>();
    nothing.add(null);
    assertBroken(new Scripted(nothing, true), "strategy asked with null, must ask with a list");
  }

  @Test
  void itMayAskForSoManyDrawsAndNoMore() {
    assertThat(search(new Scripted(List.of(draws(1024), List.of()), true)).hypotheses())
        .hasSize(1024);
    assertBroken(
        new Scripted(List.of(draws(1025)), true),
        "strategy asks for 1025 draws in a round, must ask for at most 1024");
  }

  @Test
  void itMustHoldSomethingOnceItWasTold() {
    assertBroken(
        new Scripted(List.of(draws(1), List.of()), false),
        "strategy holds nothing after it was told, must hold something");
  }

  /** Nobody will continue what a finished search returns, so nothing is held back any more. */
  @Test
  void whatWasHeldBackBelongsToTheResult() {
    SearchResult result = search(new Scripted(List.of(draws(1), List.of()), true));

    assertThat(result.stopReason()).isEqualTo(StopReason.FINISHED);
    assertThat(result.best().candidate())
        .isEqualTo(new Candidate("0;held", 1, Candidate.Status.OPEN));
  }
}
