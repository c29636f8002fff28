// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.search.Budget;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one call says of its guidance; null leaves it to the model.
 *
 * @param guided false sends the request to the delegate as it is
 * @param guides the only guides that count, by name, with their weights; null for a guide's own
 *     weight. Null for all guides
 * @param more guides of this call alone, beside those
 * @param beam W, K and L
 * @param budget what the search may cost
 * @param guard what chooses among the hypotheses of a round
 * @param seed of the large model
 * @param trace whether the response keeps every round
 * @param listener is told of every round, after the model's own
 * @param cancellation cancels the call from any thread
 * @param options that the call was made with
 */
record CallSettings(
    @Nullable Boolean guided,
    @Nullable Map<String, @Nullable Double> guides,
    @Nullable List<WeightedGuide> more,
    BeamOverride beam,
    @Nullable Budget budget,
    @Nullable Guard guard,
    @Nullable Long seed,
    @Nullable Boolean trace,
    @Nullable SearchListener listener,
    @Nullable Cancellation cancellation,
    @Nullable ChatRequestOptions options) {

  static final CallSettings NONE =
      new CallSettings(
          null, null, null, BeamOverride.NONE, null, null, null, null, null, null, null);

  CallSettings {
    guides = guides == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(guides));
    more = more == null ? null : List.copyOf(more);
  }

  /** These settings, and where they say nothing those of another. */
  CallSettings defaultedBy(CallSettings that) {
    return new CallSettings(
        either(that, CallSettings::guided),
        either(that, CallSettings::guides),
        either(that, CallSettings::more),
        beam.defaultedBy(that.beam),
        either(that, CallSettings::budget),
        either(that, CallSettings::guard),
        either(that, CallSettings::seed),
        either(that, CallSettings::trace),
        either(that, CallSettings::listener),
        either(that, CallSettings::cancellation),
        either(that, CallSettings::options));
  }

  private <T> @Nullable T either(CallSettings that, Function<CallSettings, @Nullable T> value) {
    T own = value.apply(this);
    return own != null ? own : value.apply(that);
  }

  CallSettings withOptions(ChatRequestOptions given) {
    return new CallSettings(
        guided, guides, more, beam, budget, guard, seed, trace, listener, cancellation, given);
  }

  ChatRequestOptions optionsOrEmpty() {
    return options != null ? options : ChatRequestOptions.EMPTY;
  }

  SearchListener listenerOrNone() {
    return listener != null ? listener : SearchListener.none();
  }

  boolean isGuided() {
    return guided == null || guided;
  }

  boolean isTraced() {
    return trace != null && trace;
  }

  /**
   * A model's guidance as this call wants it.
   *
   * @param maxTokens most tokens of the response; null leaves it to the model
   * @throws IllegalArgumentException if a value is out of range, or the model has no guide of a
   *     name
   */
  Guidance over(Guidance built, @Nullable Integer maxTokens) {
    SearchSettings settings = beam.over(built.settings());
    if (budget != null) {
      settings = settings.withBudget(budget);
    }
    if (guard != null) {
      settings = settings.withGuard(guard);
    }
    if (maxTokens != null) {
      settings = settings.withMaxTokens(maxTokens);
    }
    List<WeightedGuide> all =
        new ArrayList<>(guides == null ? built.guides() : chosen(built.guides(), guides));
    if (more != null) {
      all.addAll(more);
    }
    return new Guidance(settings, all);
  }

  private static List<WeightedGuide> chosen(
      List<WeightedGuide> built, Map<String, @Nullable Double> wanted) {
    Map<String, WeightedGuide> known = new LinkedHashMap<>();
    built.forEach(guide -> known.put(guide.name(), guide));
    List<WeightedGuide> chosen = new ArrayList<>();
    wanted.forEach(
        (name, weight) -> {
          WeightedGuide guide = known.get(name);
          if (guide == null) {
            throw new IllegalArgumentException(
                "guides name '%s', which the model does not have; it has %s"
                    .formatted(name, known.keySet()));
          }
          chosen.add(weight == null ? guide : new WeightedGuide(name, guide.guide(), weight));
        });
    return chosen;
  }
}
