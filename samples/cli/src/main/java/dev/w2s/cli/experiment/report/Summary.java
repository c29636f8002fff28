// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import dev.w2s.cli.experiment.measure.Clusters;
import dev.w2s.cli.experiment.measure.Estimate;
import dev.w2s.cli.experiment.plan.MethodPlan.Sweep;
import dev.w2s.cli.experiment.run.Design;
import dev.w2s.cli.experiment.run.Sample;
import java.util.HashMap;
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
 */
public record Summary(Design design, List<Row> methods) {

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
   * @param gain mean difference from the base
   * @param win share of the pairs that it wins against the base, ties for half
   */
  public record Verdict(Estimate reward, Estimate gain, Estimate win) {}

  /** Sums up. */
  public static Summary of(Design design, List<Sample> samples) {
    Map<String, List<Sample>> byMethod =
        samples.stream().collect(Collectors.groupingBy(Sample::method));
    Map<Sample.Key, Sample> base = new HashMap<>();
    whole(byMethod, design.baseline()).forEach(sample -> base.put(sample.key(), sample));
    return new Summary(
        design,
        design.methods().stream()
            .map(
                title ->
                    row(
                        title,
                        whole(byMethod, title.name()),
                        byMethod.getOrDefault(title.name(), List.of()).size(),
                        new Comparison(design, base)))
            .toList());
  }

  private static List<Sample> whole(Map<String, List<Sample>> byMethod, String method) {
    return byMethod.getOrDefault(method, List.of()).stream().filter(s -> !s.failed()).toList();
  }

  private static Row row(
      Design.MethodTitle title, List<Sample> samples, int all, Comparison comparison) {
    return new Row(
        title.name(),
        title.sweep(),
        samples.size(),
        all - samples.size(),
        (int) samples.stream().map(Sample::promptNumber).distinct().count(),
        comparison.verdicts(samples),
        comparison.keptGain(samples),
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

  private static Estimate mean(List<Sample> samples, ToDoubleFunction<Sample> of) {
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

  /** Of a method with the base, whose samples are known by their keys. */
  private record Comparison(Design design, Map<Sample.Key, Sample> base) {

    Map<String, Verdict> verdicts(List<Sample> samples) {
      Map<String, Verdict> verdicts = new LinkedHashMap<>();
      design.judges().forEach(judge -> verdicts.put(judge.name(), verdict(judge.name(), samples)));
      return verdicts;
    }

    private Verdict verdict(String judge, List<Sample> samples) {
      Clusters gain = new Clusters();
      Clusters win = new Clusters();
      for (Sample sample : samples) {
        double difference = reward(judge, sample) - reward(judge, twin(sample));
        if (!Double.isNaN(difference)) {
          gain.add(sample.promptNumber(), difference);
          win.add(sample.promptNumber(), (1 + Math.signum(difference)) / 2);
        }
      }
      return new Verdict(
          mean(samples, sample -> reward(judge, sample)), gain.estimate(), win.estimate());
    }

    Estimate keptGain(List<Sample> samples) {
      String judge = design.judges().get(0).name();
      Clusters gain = new Clusters();
      for (Sample sample : samples) {
        if (keepsDiversity(sample)) {
          gain.add(sample.promptNumber(), reward(judge, sample) - reward(judge, twin(sample)));
        }
      }
      return gain.estimate();
    }

    Estimate keptShare(List<Sample> samples) {
      List<Sample> paired = samples.stream().filter(s -> twin(s) != null).toList();
      return mean(paired, sample -> keepsDiversity(sample) ? 1 : 0);
    }

    private boolean keepsDiversity(Sample sample) {
      Sample twin = twin(sample);
      return twin != null && number(sample.distinct2()) >= number(twin.distinct2());
    }

    /** The base's sample of the same prompt and seed; null if it failed. */
    private @Nullable Sample twin(Sample sample) {
      return base.get(new Sample.Key(sample.promptNumber(), sample.seed(), design.baseline()));
    }

    private static double reward(String judge, @Nullable Sample sample) {
      return sample == null ? Double.NaN : number(sample.judges().get(judge));
    }
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
