// SPDX-License-Identifier: Apache-2.0
package dev.w2s.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.search.Cancellation;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.Search;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.testkit.FakeSampler;
import dev.w2s.testkit.FakeScorer;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Context;
import io.micrometer.observation.Observation.Event;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SearchObservationsTest {
  private final FakeSampler sampler =
      new FakeSampler().on("", "secret", "b").on("secret", "c.", "d.");
  private final FakeScorer scorer =
      new FakeScorer().on("secret", 2).on("b", 1).on("secretc.", 3).on("secretd.", 4);
  private final List<Context> stopped = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final ObservationRegistry registry = ObservationRegistry.create();

  SearchObservationsTest() {
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<>() {
              @Override
              public void onStop(Context context) {
                stopped.add(context);
              }

              @Override
              public void onEvent(Event event, Context context) {
                events.add(event.getContextualName());
              }

              @Override
              public boolean supportsContext(Context context) {
                return true;
              }
            });
  }

  private SearchResult search(SearchListener listener, CandidateScorer by) {
    SearchSettings settings = SearchSettings.chunkBeam(1, 2, 6).withMaxTokens(9);
    return new Search(settings).run(sampler, by, listener, new Cancellation());
  }

  private SearchListener observing() {
    return new SearchObservations(registry, KeyValues.of("model.name", "critic"));
  }

  @Nullable String value(String key) {
    KeyValue low = stopped.get(0).getLowCardinalityKeyValue(key);
    KeyValue high = stopped.get(0).getHighCardinalityKeyValue(key);
    return low != null ? low.getValue() : high == null ? null : high.getValue();
  }

  @Test
  void aSearchIsOneObservationBelowTheCurrentOne() {
    Observation outer = Observation.start("outer", registry);
    SearchResult result;
    try (Observation.Scope scope = outer.openScope()) {
      result = search(observing(), scorer);
      assertThat(registry.getCurrentObservationScope()).isEqualTo(scope);
    }
    assertThat(stopped).hasSize(1);
    assertThat(stopped.get(0).getName()).isEqualTo("w2s.search");
    assertThat(stopped.get(0).getParentObservation()).isEqualTo(outer);
    assertThat(events).containsExactly("round 1", "round 2");
    assertThat(value("model.name")).isEqualTo("critic");
    assertThat(value("w2s.stop.reason")).isEqualTo("ended");
    assertThat(value("w2s.rounds")).isEqualTo("2");
    assertThat(value("w2s.calls")).isEqualTo(Long.toString(result.usage().calls()));
    assertThat(value("w2s.tokens.large")).isEqualTo(Long.toString(result.usage().sampledTokens()));
    assertThat(value("w2s.tokens.small")).isEqualTo(Long.toString(result.usage().scoredTokens()));
    assertThat(value("w2s.candidates.dropped")).isEqualTo("0");
    assertThat(stopped.get(0).getError()).isNull();
  }

  @Test
  void whileItRunsItIsTheCurrentOne() {
    List<String> current = new ArrayList<>();
    sampler.when(
        "secret",
        () -> {
          Observation observation = registry.getCurrentObservation();
          current.add(observation == null ? "none" : observation.getContext().getName());
        });
    search(observing(), scorer);
    assertThat(current).containsExactly("w2s.search");
    assertThat(registry.getCurrentObservation()).isNull();
  }

  @Test
  void noTextReachesAnObservation() {
    search(observing(), scorer);
    assertThat(stopped.toString() + events).doesNotContain("secret");
  }

  @Test
  void aFailureIsTold() {
    CandidateScorer broken = new FakeScorer();
    assertThatThrownBy(() -> search(observing(), broken)).isInstanceOf(AssertionError.class);
    assertThat(value("w2s.stop.reason")).isEqualTo("none");
    assertThat(stopped.get(0).getError()).isInstanceOf(AssertionError.class);
    assertThat(registry.getCurrentObservation()).isNull();
  }

  /** After round one the search still has a result, and says what went wrong. */
  @Test
  void aFailureHalfwayIsToldWithTheResult() {
    sampler.when(
        "secret",
        () -> {
          throw new IllegalStateException("the server is gone");
        });
    assertThat(search(observing(), scorer).best().candidate().text()).isEqualTo("secret");
    assertThat(value("w2s.stop.reason")).isEqualTo("failed");
    assertThat(stopped.get(0).getError()).hasMessage("the server is gone");
  }

  @Test
  void withoutRegistryNothingHappens() {
    assertThat(search(new SearchObservations(ObservationRegistry.NOOP), scorer).rounds())
        .isEqualTo(2);
    assertThat(stopped).isEmpty();
  }
}
