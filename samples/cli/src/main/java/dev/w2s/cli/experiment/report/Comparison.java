// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import dev.w2s.cli.experiment.measure.Clusters;
import dev.w2s.cli.experiment.measure.Estimate;
import dev.w2s.cli.experiment.run.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Of methods with one of them, pair by pair: same prompt, same seed.
 *
 * @param other the one
 * @param twins its whole samples
 */
record Comparison(String other, Map<Sample.Key, Sample> twins) {

  static Comparison with(String other, List<Sample> samples) {
    Map<Sample.Key, Sample> twins = new HashMap<>();
    samples.forEach(sample -> twins.put(sample.key(), sample));
    return new Comparison(other, twins);
  }

  /** By one judge, over the pairs of which it has read both. */
  Summary.Outcome outcome(String judge, List<Sample> samples) {
    Clusters gain = new Clusters();
    Clusters win = new Clusters();
    int pairs = 0;
    for (Sample sample : samples) {
      double difference = reward(judge, sample) - reward(judge, twin(sample));
      if (!Double.isNaN(difference)) {
        gain.add(sample.promptNumber(), difference);
        win.add(sample.promptNumber(), (1 + Math.signum(difference)) / 2);
        pairs++;
      }
    }
    return new Summary.Outcome(pairs, gain.estimate(), win.estimate());
  }

  /** The gain over those pairs alone where distinct-2 is no lower than the other's. */
  Estimate keptGain(String judge, List<Sample> samples) {
    Clusters gain = new Clusters();
    for (Sample sample : samples) {
      if (keepsDiversity(sample)) {
        gain.add(sample.promptNumber(), reward(judge, sample) - reward(judge, twin(sample)));
      }
    }
    return gain.estimate();
  }

  /** The share of those pairs. */
  Estimate keptShare(List<Sample> samples) {
    List<Sample> paired = samples.stream().filter(s -> twin(s) != null).toList();
    return Summary.mean(paired, sample -> keepsDiversity(sample) ? 1 : 0);
  }

  private boolean keepsDiversity(Sample sample) {
    Sample twin = twin(sample);
    return twin != null && Summary.number(sample.distinct2()) >= Summary.number(twin.distinct2());
  }

  /** The other's sample of the same prompt and seed; null if it failed. */
  private @Nullable Sample twin(Sample sample) {
    return twins.get(new Sample.Key(sample.promptNumber(), sample.seed(), other));
  }

  /** What a judge gave; not a number where there is no sample. */
  static double reward(String judge, @Nullable Sample sample) {
    return sample == null ? Double.NaN : Summary.number(sample.judges().get(judge));
  }
}
