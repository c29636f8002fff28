// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import dev.w2s.cli.experiment.measure.Clusters;
import dev.w2s.cli.experiment.measure.Estimate;
import dev.w2s.cli.experiment.plan.MethodPlan.Sweep;
import dev.w2s.cli.experiment.run.Design;
import dev.w2s.cli.experiment.run.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of an experiment.
 *
 * @param methods in the file's order
 * @param differences each method with each one before it in the file, by each judge
 */
public record Summary(Design design, List<Row> methods, List<Difference> differences) {

  /**
   * What came of one method. All that is compared with the base is compared pair by pair: same
   * prompt, same seed.
   *
   * @param n samples that are whole
   * @param failed samples that are not
   * @param prompts of the whole ones
   * @param judges what each of them says, by its name, in the file's order
   * @param keptGain gain by the first judge over the pairs where distinct-2 is no lower than the
   *     base's: what was not bought with repetition
   * @param keptShare the share of those pairs
   * @param score by the guides, nats
   * @param nats a token under the fluency model
   */
  public record Row(
      String name,
      @Nullable Sweep sweep,
      int n,
      int failed,
      int prompts,
      Map<String, Verdict> judges,
      Estimate keptGain,
      Estimate keptShare,
      Estimate score,
      Estimate nats,
      Estimate distinct1,
      Estimate distinct2,
      Estimate tokens,
      Estimate words,
      Estimate ended,
      Estimate seconds,
      Estimate sampledTokens,
      Estimate scoredTokens,
      Estimate calls) {

    /** By the first judge. */
    public Verdict first() {
      return judges.values().iterator().next();
    }
  }

  /**
   * What one judge says of a method.
   *
   * @param outcome beside the base
   */
  public record Verdict(Estimate reward, Outcome outcome) {}

  /**
   * What one judge says of one method beside another, pair by pair.
   *
   * @param against the other method
   */
  public record Difference(String judge, String method, String against, Outcome outcome) {}

  /**
   * What came of pairs of samples.
   *
   * @param pairs how many
   * @param gain mean difference of the rewards
   * @param win share of the pairs that have the higher reward, ties for half
   */
  public record Outcome(int pairs, Estimate gain, Estimate win) {}

  /** Sums up. */
  public static Summary of(Design design, List<Sample> samples) {
    Map<String, List<Sample>> byMethod =
        samples.stream().collect(Collectors.groupingBy(Sample::method));
    Comparison comparison = Comparison.with(design.baseline(), whole(byMethod, design.baseline()));
    return new Summary(
        design,
        design.methods().stream()
            .map(
                title ->
                    row(
                        title,
                        whole(byMethod, title.name()),
                        byMethod.getOrDefault(title.name(), List.of()).size(),
                        verdicts(design, whole(byMethod, title.name()), comparison),
                        comparison))
            .toList(),
        differences(design, byMethod));
  }

  private static Map<String, Verdict> verdicts(
      Design design, List<Sample> samples, Comparison comparison) {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    for (Design.JudgeTitle judge : design.judges()) {
      verdicts.put(
          judge.name(),
          new Verdict(
              mean(samples, sample -> Comparison.reward(judge.name(), sample)),
              comparison.outcome(judge.name(), samples)));
    }
    return verdicts;
  }

  /** Each method with each one before it. */
  private static List<Difference> differences(Design design, Map<String, List<Sample>> byMethod) {
    List<Difference> differences = new ArrayList<>();
    List<String> names = design.methods().stream().map(Design.MethodTitle::name).toList();
    for (int against = 0; against < names.size(); against++) {
      String other = names.get(against);
      Comparison comparison = Comparison.with(other, whole(byMethod, other));
      for (String method : names.subList(against + 1, names.size())) {
        for (Design.JudgeTitle judge : design.judges()) {
          differences.add(
              new Difference(
                  judge.name(),
                  method,
                  other,
                  comparison.outcome(judge.name(), whole(byMethod, method))));
        }
      }
    }
    return List.copyOf(differences);
  }

  private static List<Sample> whole(Map<String, List<Sample>> byMethod, String method) {
    return byMethod.getOrDefault(method, List.of()).stream().filter(s -> !s.failed()).toList();
  }

  private static Row row(
      Design.MethodTitle title,
      List<Sample> samples,
      int all,
      Map<String, Verdict> verdicts,
      Comparison comparison) {
    return new Row(
        title.name(),
        title.sweep(),
        samples.size(),
        all - samples.size(),
        (int) samples.stream().map(Sample::promptNumber).distinct().count(),
        verdicts,
        comparison.keptGain(verdicts.keySet().iterator().next(), samples),
        comparison.keptShare(samples),
        mean(samples.stream().filter(s -> s.score() != null).toList(), s -> number(s.score())),
        natsAToken(samples),
        mean(samples, s -> number(s.distinct1())),
        mean(samples, s -> number(s.distinct2())),
        mean(samples, s -> number(s.tokens())),
        mean(samples, s -> number(s.words())),
        mean(samples, s -> Boolean.TRUE.equals(s.ended()) ? 1 : 0),
        mean(samples, Sample::seconds),
        mean(samples, Sample::sampledTokens),
        mean(samples, Sample::scoredTokens),
        mean(samples, Sample::calls));
  }

  static double number(@Nullable Number value) {
    return value == null ? Double.NaN : value.doubleValue();
  }

  static Estimate mean(List<Sample> samples, ToDoubleFunction<Sample> of) {
    Clusters clusters = new Clusters();
    samples.forEach(sample -> clusters.add(sample.promptNumber(), of.applyAsDouble(sample)));
    return clusters.estimate();
  }

  /** All nats over all tokens, so that a token counts as much in a short response. */
  private static Estimate natsAToken(List<Sample> samples) {
    Clusters clusters = new Clusters();
    samples.forEach(s -> clusters.add(s.promptNumber(), number(s.nats()), number(s.natsTokens())));
    return clusters.estimate();
  }

  /** Whether responses were read by a fluency model. */
  public boolean hasFluency() {
    return design.fluency() != null;
  }

  /** Samples that failed. */
  public int failed() {
    return methods.stream().mapToInt(Row::failed).sum();
  }
}
