// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.models;

import static java.util.Objects.requireNonNull;

import dev.w2s.cli.experiment.plan.ClassifierPlan;
import dev.w2s.cli.experiment.plan.GuidePlan;
import dev.w2s.cli.experiment.plan.Reference;
import dev.w2s.cli.options.ApiKeys;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.PairSource;
import dev.w2s.guidance.RewardModel;
import dev.w2s.guidance.WeightedGuide;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The guides, opened.
 *
 * @param byName each with its weight
 */
public record Guides(Map<String, WeightedGuide> byName) {

  /** Opens all. */
  public static Guides open(List<GuidePlan> plans, ModelPool pool) {
    Map<String, WeightedGuide> byName = new LinkedHashMap<>();
    for (GuidePlan plan : plans) {
      Guide guide =
          plan instanceof GuidePlan.Pair pair
              ? pair(pair, pool)
              : reward(((GuidePlan.Reward) plan).model(), pool);
      byName.put(plan.name(), new WeightedGuide(plan.name(), guide, plan.weight()));
    }
    return new Guides(byName);
  }

  /** One of them. */
  public WeightedGuide get(String name) {
    return requireNonNull(byName.get(name), name);
  }

  private static Pair pair(GuidePlan.Pair plan, ModelPool pool) {
    Reference tokenizer = plan.tokenizer();
    PairSource source =
        new PairSource(
            plan.tuned().resolved(),
            plan.untuned().resolved(),
            plan.tunedView(),
            plan.untunedView(),
            plan.placement(),
            tokenizer == null ? null : tokenizer.resolved(),
            ApiKeys.read("api-key-env", plan.apiKeyEnv()));
    return pool.owned(source.openWith(pool));
  }

  /** A reward model. */
  public static RewardModel reward(ClassifierPlan plan, ModelPool pool) {
    return RewardModel.of(
        pool.classifier(plan.model().resolved(), plan.placement()), plan.label(), plan.input());
  }
}
