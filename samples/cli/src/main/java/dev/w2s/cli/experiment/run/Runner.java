// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.cli.experiment.plan.Limits;
import dev.w2s.cli.io.Progress;
import dev.w2s.search.Cancellation;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the samples of an experiment that are not there yet: prompt by prompt, so that all methods
 * have answered the same prompts whenever it is stopped.
 *
 * @param err for the progress
 * @param command as it was typed
 */
public record Runner(Experiment experiment, Shard shard, String command, PrintWriter err) {

  /** How a run ended. */
  public enum End {
    /** All samples are there. */
    COMPLETE,
    /** Somebody has interrupted it. */
    INTERRUPTED,
    /** Its time is over. */
    OUT_OF_TIME,
    /** Too many samples have failed. */
    TOO_MANY_FAILURES
  }

  /**
   * Makes the samples.
   *
   * @param cancellation ends it after the sample that is being made
   * @return how it ended; what has been made is in the folder
   */
  public End run(ExperimentFolder folder, Cancellation cancellation) {
    List<Sample.Key> all = planned(folder.stored().design());
    List<Sample.Key> todo = new ArrayList<>(all);
    Set<Sample.Key> there = new HashSet<>(folder.samples().stream().map(Sample::key).toList());
    todo.removeIf(there::contains);
    if (todo.isEmpty()) {
      return End.COMPLETE;
    }
    try (OpenExperiment open = OpenExperiment.open(experiment);
        Progress progress = Progress.timed(err, "samples", all.size() - todo.size(), all.size())) {
      return new Run(folder, open, progress, cancellation).make(todo);
    }
  }

  private List<Sample.Key> planned(Design design) {
    List<Sample.Key> keys = new ArrayList<>();
    for (int number = 1; number <= experiment.asked(); number++) {
      if (shard.has(number)) {
        keys.addAll(design.keys(number));
      }
    }
    return keys;
  }

  /** One run. */
  private final class Run {
    private final ExperimentFolder folder;
    private final OpenExperiment open;
    private final Progress progress;
    private final Cancellation cancellation;
    private final Instant started = Instant.now();
    private final long start = System.nanoTime();
    private int made;
    private int failed;

    Run(
        ExperimentFolder folder,
        OpenExperiment open,
        Progress progress,
        Cancellation cancellation) {
      this.folder = folder;
      this.open = open;
      this.progress = progress;
      this.cancellation = cancellation;
    }

    End make(List<Sample.Key> todo) {
      End end = End.COMPLETE;
      for (Sample.Key key : todo) {
        end = endSoFar();
        if (end != End.COMPLETE) {
          break;
        }
        Sample sample = open.sample(key, experiment.prompts().get(key.promptNumber() - 1));
        folder.add(sample);
        made++;
        failed += sample.failed() ? 1 : 0;
        progress.step();
      }
      if (end == End.COMPLETE) {
        folder.sort();
      }
      folder.add(facts());
      return failed > experiment.limits().failures() ? End.TOO_MANY_FAILURES : end;
    }

    private End endSoFar() {
      Limits limits = experiment.limits();
      Double minutes = limits.minutes();
      if (failed > limits.failures()) {
        return End.TOO_MANY_FAILURES;
      }
      if (cancellation.isCancelled()) {
        return End.INTERRUPTED;
      }
      return minutes != null && seconds() > 60 * minutes ? End.OUT_OF_TIME : End.COMPLETE;
    }

    private double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    private RunFacts facts() {
      return new RunFacts(
          command,
          started.truncatedTo(ChronoUnit.SECONDS).toString(),
          seconds(),
          experiment.asked(),
          made,
          failed,
          RunFacts.Machine.here(),
          open.models());
    }
  }
}
