// SPDX-License-Identifier: Apache-2.0
package dev.w2s.metrics;

import static java.util.Objects.requireNonNull;

import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.Usage;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;

/**
 * Observes each search with Micrometer: a timer or a span, whatever the registry's handlers make of
 * it, below the observation that is current where the model is called. It is current itself while
 * the search runs, on the searching thread. It is given to any number of models as their listener,
 * and is safe for use by several threads. No text of a prompt or a response reaches an observation;
 * what a failed call says of itself does.
 *
 * <ul>
 *   <li>name {@code w2s.search}; an event {@code w2s.round} for each round
 *   <li>of low cardinality: the keys that it is made with, and {@code w2s.stop.reason}, {@code
 *       none} where the search failed
 *   <li>of high cardinality: {@code w2s.rounds}, {@code w2s.calls}, {@code w2s.tokens.large},
 *       {@code w2s.tokens.small}, {@code w2s.candidates.dropped}
 * </ul>
 */
public final class SearchObservations implements SearchListener {
  private static final String STOP_REASON = "w2s.stop.reason";

  private final ObservationRegistry registry;
  private final KeyValues keys;

  /**
   * Observes nothing yet.
   *
   * @param keys of all observations, for instance the name of the model
   */
  public SearchObservations(ObservationRegistry registry, KeyValues keys) {
    this.registry = requireNonNull(registry, "registry");
    this.keys = requireNonNull(keys, "keys");
  }

  /** Without keys of one's own. */
  public SearchObservations(ObservationRegistry registry) {
    this(registry, KeyValues.empty());
  }

  @Override
  public SearchListener begin() {
    Observation observation =
        Observation.createNotStarted("w2s.search", registry)
            .contextualName("guided search")
            .lowCardinalityKeyValues(keys)
            .start();
    return new Observed(observation, observation.openScope());
  }

  /** It observes what it was told the beginning of. */
  @Override
  public void onRound(Round round) {}

  /** One search. */
  private record Observed(Observation observation, Observation.Scope scope)
      implements SearchListener {

    @Override
    public void onRound(Round round) {
      observation.event(Observation.Event.of("w2s.round", "round " + round.number()));
    }

    @Override
    public void onEnd(SearchResult result) {
      Usage usage = result.usage();
      observation
          .lowCardinalityKeyValue(STOP_REASON, result.stopReason().name().toLowerCase(Locale.ROOT))
          .highCardinalityKeyValue("w2s.rounds", Integer.toString(result.rounds()))
          .highCardinalityKeyValue("w2s.calls", Long.toString(usage.calls()))
          .highCardinalityKeyValue("w2s.tokens.large", Long.toString(usage.sampledTokens()))
          .highCardinalityKeyValue("w2s.tokens.small", Long.toString(usage.scoredTokens()))
          .highCardinalityKeyValue("w2s.candidates.dropped", Long.toString(usage.dropped()));
      if (result.failure() != null) {
        observation.error(result.failure());
      }
      stop();
    }

    @Override
    public void onFailure(Throwable failure) {
      observation.lowCardinalityKeyValue(STOP_REASON, "none").error(failure);
      stop();
    }

    private void stop() {
      scope.close();
      observation.stop();
    }
  }
}
