// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import dev.w2s.cli.experiment.judge.Fluency;
import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.cli.experiment.plan.JudgePlan;
import dev.w2s.cli.experiment.plan.MethodPlan;
import dev.w2s.cli.experiment.plan.MethodPlan.Sweep;
import dev.w2s.cli.experiment.plan.ModelPlan;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report has to know of an experiment; it lies beside the samples, so that shards can be
 * merged where the models are not.
 *
 * @param baseline name of the method that others are compared with
 * @param fluency the model under which responses are to be likely; null for none
 */
public record Design(
    String name,
    String base,
    String baseline,
    List<JudgeTitle> judges,
    @Nullable String fluency,
    List<MethodTitle> methods,
    List<Long> seeds) {

  /**
   * A judge.
   *
   * @param what it reads, in words
   */
  public record JudgeTitle(String name, String unit, String what) {}

  /** A method. */
  public record MethodTitle(String name, @Nullable Sweep sweep) {}

  static Design of(Experiment experiment) {
    ModelPlan fluency = Fluency.model(experiment);
    return new Design(
        experiment.name(),
        experiment.base().title(),
        experiment.baseline().name(),
        experiment.judges().stream().map(Design::title).toList(),
        fluency == null ? null : fluency.model().written(),
        experiment.methods().stream().map(Design::title).toList(),
        experiment.seeds());
  }

  private static MethodTitle title(MethodPlan method) {
    return new MethodTitle(method.name(), method.sweep());
  }

  private static JudgeTitle title(JudgePlan judge) {
    String what;
    if (judge instanceof JudgePlan.Reward reward) {
      String label = reward.model().label();
      what =
          (reward.perSentence() ? "mean over sentences of " : "")
              + (label == null ? "the output of " : "the log-odds of " + label + " by ")
              + reward.model().model().written();
    } else if (judge instanceof JudgePlan.LogRatio ratio) {
      what = "the log-ratio of the pair " + ratio.guide();
    } else {
      JudgePlan.Chat chat = (JudgePlan.Chat) judge;
      what = "a number from 1 to 10 by %s: %s".formatted(chat.server().model(), chat.question());
    }
    return new JudgeTitle(judge.name(), judge.unit(), what);
  }

  /** The order in which samples are made. */
  Comparator<Sample> order() {
    List<String> names = methods.stream().map(MethodTitle::name).toList();
    return Comparator.comparingInt(Sample::promptNumber)
        .thenComparingInt(sample -> seeds.indexOf(sample.seed()))
        .thenComparingInt(sample -> names.indexOf(sample.method()));
  }

  /** The keys of all samples of one prompt, in order. */
  public List<Sample.Key> keys(int promptNumber) {
    return seeds.stream()
        .flatMap(seed -> methods.stream().map(m -> new Sample.Key(promptNumber, seed, m.name())))
        .toList();
  }
}
