// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.w2s.search.Guard;
import dev.w2s.search.guard.TrustRegion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How answers are made; a command changes it as a whole or not at all.
 *
 * @param guided whether answers are guided
 * @param weights of all guides by name, in order; one of weight 0 does not steer
 * @param beam how it is searched
 * @param guard keeps the search near the large model; null for none
 * @param system what the models are told first; empty for nothing
 */
public record Settings(
    boolean guided,
    Map<String, Double> weights,
    Beam beam,
    @Nullable TrustRegion guard,
    String system) {

  /** Checks that weights are numbers. */
  public Settings {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    for (Map.Entry<String, Double> weight : weights.entrySet()) {
      if (!Double.isFinite(weight.getValue())) {
        throw new IllegalArgumentException(
            "weight of '%s' is %s; it must be a number"
                .formatted(weight.getKey(), weight.getValue()));
      }
    }
  }

  /** The guides that steer, with their weights. */
  public Map<String, Double> steering() {
    return weights.entrySet().stream()
        .filter(weight -> weight.getValue() != 0)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
  }

  /** Whether the next answer is one that something steers. */
  public boolean steers() {
    return guided && beam.hasChoice() && !steering().isEmpty();
  }

  /** The guard as the search takes it. */
  public Guard searchGuard() {
    return guard == null ? Guard.none() : guard;
  }

  /** The same, guided or not. */
  public Settings withGuided(boolean whether) {
    return new Settings(whether, weights, beam, guard, system);
  }

  /** The same with one weight set; of a new name it comes last. */
  public Settings withWeight(String name, double weight) {
    Map<String, Double> changed = new LinkedHashMap<>(weights);
    changed.put(name, weight);
    return new Settings(guided, changed, beam, guard, system);
  }

  /** The same with one guide alone, of weight 1 where it had none. */
  public Settings withOnly(String name) {
    Map<String, Double> changed = new LinkedHashMap<>(weights);
    changed.replaceAll((other, weight) -> other.equals(name) ? (weight == 0 ? 1 : weight) : 0.0);
    return new Settings(guided, changed, beam, guard, system);
  }

  /** The same with another beam. */
  public Settings withBeam(Beam other) {
    return new Settings(guided, weights, other, guard, system);
  }

  /** The same with another guard; null for none. */
  public Settings withGuard(@Nullable TrustRegion other) {
    return new Settings(guided, weights, beam, other, system);
  }

  /** The same with other words in front; empty for none. */
  public Settings withSystem(String words) {
    return new Settings(guided, weights, beam, guard, words);
  }
}
