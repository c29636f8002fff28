// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.testkit.FakeSampler;
import dev.w2s.testkit.FakeScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** When a listener is told of a search's beginning and end. */
class SearchListenerTest {
  private final List<String> told = new ArrayList<>();

  /** Hands each search to one of its own, as a listener does that watches several at once. */
  private final SearchListener listener =
      new SearchListener() {
        @Override
        public SearchListener begin() {
          told.add("begin");
          return new Own();
        }

        @Override
        public void onRound(Round round) {
          throw new AssertionError("the search has a listener of its own");
        }
      };

  private final class Own implements SearchListener {
    @Override
    public void onRound(Round round) {
      told.add("round " + round.number());
    }

    @Override
    public void onEnd(SearchResult result) {
      told.add("end " + result.best().candidate().text());
    }

    @Override
    public void onFailure(Throwable failure) {
      told.add("failure " + failure.getMessage());
    }
  }

  private SearchResult search(CandidateScorer scorer, Cancellation cancellation) {
    FakeSampler sampler = new FakeSampler().on("", "a", "b").on("b", "c.", "d.");
    return new Search(SearchSettings.chunkBeam(1, 2, 1))
        .run(sampler, scorer, listener, cancellation);
  }

  @Test
  void aSearchBeginsAndEnds() {
    FakeScorer scorer = new FakeScorer().on("a", 1).on("b", 2).on("bc.", 3).on("bd.", 4);
    search(scorer, new Cancellation());
    assertThat(told).containsExactly("begin", "round 1", "round 2", "end bd");
  }

  @Test
  void aSearchThatThrowsFails() {
    CandidateScorer broken =
        new PortFakes.Scorer(
            candidates -> {
              throw new IllegalStateException("broken");
            });
    assertThatThrownBy(() -> search(broken, new Cancellation())).hasMessage("broken");
    assertThat(told).containsExactly("begin", "failure broken");
  }

  @Test
  void aSearchThatIsCancelledAlreadyNeverBegins() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    assertThatThrownBy(() -> search(new FakeScorer(), cancellation))
        .isInstanceOf(CancellationException.class);
    assertThat(told).isEmpty();
  }
}
