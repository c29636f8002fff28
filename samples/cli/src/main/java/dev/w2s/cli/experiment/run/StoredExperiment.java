// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import dev.w2s.cli.experiment.plan.Experiment;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code experiment.json}: which experiment a folder's samples are of.
 *
 * @param shard as {@code i/n}
 * @param runs that ended by themselves, in order
 */
public record StoredExperiment(
    Identity identity, String shard, Design design, List<RunFacts> runs) {

  /** Copies the list. */
  public StoredExperiment {
    runs = List.copyOf(runs);
  }

  static StoredExperiment of(Experiment experiment, Shard shard) {
    return new StoredExperiment(
        Identity.of(experiment), shard.toString(), Design.of(experiment), List.of());
  }

  StoredExperiment withRun(RunFacts run) {
    List<RunFacts> all = new ArrayList<>(runs);
    all.add(run);
    return new StoredExperiment(identity, shard, design, all);
  }

  StoredExperiment withRuns(List<RunFacts> others) {
    return new StoredExperiment(identity, shard, design, others);
  }
}
