// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.search.Cancellation;
import dev.w2s.search.Round;
import dev.w2s.search.Search;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.testkit.FakeSampler;
import dev.w2s.testkit.FakeScorer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenersTest {
  private final List<String> told = new ArrayList<>();

  /** Notes what it is told, and fails at one thing. */
  private final class Noting implements SearchListener {
    private final String failing;

    Noting(String failing) {
      this.failing = failing;
    }

    private void note(String what) {
      told.add(what);
      if (what.equals(failing)) {
        throw new IllegalArgumentException("the listener's own fault");
      }
    }

    @Override
    public SearchListener begin() {
      note("begin");
      return this;
    }

    @Override
    public void onRound(Round round) {
      note("round");
    }

    @Override
    public void onEnd(SearchResult result) {
      note("end");
    }

    @Override
    public void onFailure(Throwable failure) {
      note(failure.getMessage());
    }
  }

  private void search(SearchListener listener, FakeScorer scorer) {
    new Search(SearchSettings.bestOf(2))
        .run(
            new FakeSampler().on("", "a.", "b."),
            scorer,
            new Listeners(List.of(listener, new Noting("nothing"))),
            new Cancellation());
  }

  @Test
  void allAreToldOfEverything() {
    search(new Noting("nothing"), new FakeScorer().on("a.", 1).on("b.", 2));
    assertThat(told).containsExactly("begin", "begin", "round", "round", "end", "end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"round", "end"})
  void oneThatFailsDisturbsNobody(String failing) {
    search(new Noting(failing), new FakeScorer().on("a.", 1).on("b.", 2));
    assertThat(told).containsExactly("begin", "begin", "round", "round", "end", "end");
  }

  @Test
  void oneThatFailsAtTheBeginningIsToldNoMore() {
    search(new Noting("begin"), new FakeScorer().on("a.", 1).on("b.", 2));
    assertThat(told).containsExactly("begin", "begin", "round", "end");
  }

  @Test
  void aFailureIsToldInPlaceOfTheEnd() {
    try {
      search(new Noting("nothing"), new FakeScorer());
    } catch (AssertionError expected) {
      assertThat(told).hasSize(4).endsWith(expected.getMessage(), expected.getMessage());
      return;
    }
    throw new AssertionError("the search did not fail");
  }
}
