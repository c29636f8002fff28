// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.loading;

import dev.w2s.guidance.Guide;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.PairSource;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.model.CausalModel;
import dev.w2s.spring.properties.LocalProperties;
import dev.w2s.spring.properties.PairProperties;
import dev.w2s.spring.properties.RewardProperties;
import dev.w2s.spring.properties.W2sProperties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All that the properties name, still to be loaded.
 *
 * @param pairs by name
 * @param rewards by name
 * @param locals models in this process that are beans, by name
 * @param weights of pairs and rewards, by name
 */
public record Catalog(
    Map<String, Loadable<Pair>> pairs,
    Map<String, Loadable<Guide>> rewards,
    Map<String, Loadable<CausalModel>> locals,
    Map<String, Double> weights) {

  /**
   * All that properties name.
   *
   * @throws dev.w2s.spring.properties.InvalidPropertiesException if something in them is wrong
   */
  public static Catalog of(W2sProperties properties) {
    properties.check();
    Catalog catalog =
        new Catalog(
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>());
    properties.pairs().forEach(catalog::add);
    properties.rewards().forEach(catalog::add);
    properties.local().forEach(catalog::add);
    return catalog;
  }

  private static String property(String kind, String name) {
    return W2sProperties.PREFIX + "." + kind + "." + name;
  }

  private void add(String name, PairProperties pair) {
    PairSource source = pair.source();
    pairs.put(name, new Loadable<>(property("pairs", name), source::openWith, Pair::close));
    weights.put(name, pair.weight());
  }

  private void add(String name, RewardProperties reward) {
    rewards.put(name, new Loadable<>(property("rewards", name), reward::open, opened -> {}));
    weights.put(name, reward.weight());
  }

  private void add(String name, LocalProperties local) {
    locals.put(name, new Loadable<>(property("local", name), local::open, opened -> {}));
  }

  /** All, guides first. */
  public List<Loadable<?>> all() {
    List<Loadable<?>> all = new ArrayList<>(pairs.values());
    all.addAll(rewards.values());
    all.addAll(locals.values());
    return all;
  }

  /** The guides, by name. */
  public Map<String, Loadable<? extends Guide>> guides() {
    Map<String, Loadable<? extends Guide>> guides = new LinkedHashMap<>(pairs);
    guides.putAll(rewards);
    return guides;
  }

  /** What steers, whether it is there or not. */
  public List<WeightedGuide> weighted(Loader loader) {
    return Stream.concat(
            pairs.entrySet().stream()
                .map(entry -> weighted(entry.getKey(), new LatePair(loader, entry.getValue()))),
            rewards.entrySet().stream()
                .map(
                    entry ->
                        weighted(
                            entry.getKey(), prompt -> loader.get(entry.getValue()).open(prompt))))
        .toList();
  }

  private WeightedGuide weighted(String name, Guide guide) {
    return new WeightedGuide(name, guide, weights.getOrDefault(name, 1.0));
  }
}
