// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

import dev.w2s.prompt.Prompt;
import java.util.List;

/**
 * All that an experiment is.
 *
 * @param name in headings
 * @param guides all that methods may name
 * @param judges the first one's verdict is the reward
 * @param methods at least one of them the base
 * @param seeds of every prompt and method
 */
public record Experiment(
    String name,
    BasePlan base,
    List<GuidePlan> guides,
    List<JudgePlan> judges,
    FluencyPlan fluency,
    List<Prompt> prompts,
    List<MethodPlan> methods,
    List<Long> seeds,
    Limits limits) {

  /** The method that the others are compared with. */
  public MethodPlan baseline() {
    return methods.stream().filter(MethodPlan::isBase).findFirst().orElseThrow();
  }

  /** How many prompts are asked, from the first. */
  public int asked() {
    Integer most = limits.prompts();
    return most == null ? prompts.size() : Math.min(most, prompts.size());
  }

  /** The same with other limits. */
  public Experiment withLimits(Limits others) {
    return new Experiment(name, base, guides, judges, fluency, prompts, methods, seeds, others);
  }
}
