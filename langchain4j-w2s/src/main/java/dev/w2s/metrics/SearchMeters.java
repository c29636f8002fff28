// SPDX-License-Identifier: Apache-2.0
package dev.w2s.metrics;

import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Counts and times all searches that tell it of their rounds, in a Micrometer registry. It is given
 * to any number of models as their listener, and is safe for use by several threads. No text of a
 * prompt or a response reaches a meter.
 *
 * <ul>
 *   <li>{@code w2s.searches}, {@code w2s.rounds}: searches that have completed a round, and rounds
 *   <li>{@code w2s.candidates}: continuations drawn; {@code w2s.candidates.dropped}: draws that
 *       failed for good, and candidates that could not be scored
 *   <li>{@code w2s.guard.overruled}: hypotheses that a guard dropped though their scores were among
 *       the best
 *   <li>{@code w2s.calls}: calls to large models
 *   <li>{@code w2s.tokens}, tag {@code model}: sampled from {@code large} models, run through
 *       {@code small} ones
 *   <li>{@code w2s.round}, tag {@code phase}: time of {@code sampling} and of {@code scoring}
 * </ul>
 *
 * <p>What a round costs that fails halfway is not counted.
 */
public final class SearchMeters implements SearchListener {
  private final Counter searches;
  private final Counter rounds;
  private final Counter candidates;
  private final Counter dropped;
  private final Counter overruled;
  private final Counter calls;
  private final Counter largeTokens;
  private final Counter smallTokens;
  private final Timer sampling;
  private final Timer scoring;

  /**
   * Registers the meters; a second one with the same tags shares them.
   *
   * @param tags of all meters, for instance the name of the model
   */
  public SearchMeters(MeterRegistry registry, Tag... tags) {
    Tags all = Tags.of(tags);
    searches = registry.counter("w2s.searches", all);
    rounds = registry.counter("w2s.rounds", all);
    candidates = registry.counter("w2s.candidates", all);
    dropped = registry.counter("w2s.candidates.dropped", all);
    overruled = registry.counter("w2s.guard.overruled", all);
    calls = registry.counter("w2s.calls", all);
    largeTokens = registry.counter("w2s.tokens", all.and("model", "large"));
    smallTokens = registry.counter("w2s.tokens", all.and("model", "small"));
    sampling = registry.timer("w2s.round", all.and("phase", "sampling"));
    scoring = registry.timer("w2s.round", all.and("phase", "scoring"));
  }

  @Override
  public void onRound(Round round) {
    if (round.number() == 1) {
      searches.increment();
    }
    rounds.increment();
    candidates.increment(round.drawn());
    overruled.increment(round.overruled());
    Usage spent = round.spent();
    dropped.increment((double) spent.dropped());
    calls.increment((double) spent.calls());
    largeTokens.increment((double) spent.sampledTokens());
    smallTokens.increment((double) spent.scoredTokens());
    sampling.record(round.sampling());
    scoring.record(round.scoring());
  }
}
