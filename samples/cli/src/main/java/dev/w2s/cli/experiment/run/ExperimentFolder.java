// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A folder that holds one experiment; while it is open no other process writes there. */
public final class ExperimentFolder implements AutoCloseable {
  private static final String RESULTS = "results.jsonl";
  private static final String EXPERIMENT = "experiment.json";
  private static final int MOST_DIFFERENCES = 5;

  private final Path folder;
  private final FolderLock lock;
  private final Results results;
  private final List<Sample> samples = new ArrayList<>();
  private StoredExperiment stored;

  private ExperimentFolder(Path folder, FolderLock lock, StoredExperiment stored) {
    this.folder = folder;
    this.lock = lock;
    this.stored = stored;
    results = new Results(folder.resolve(RESULTS));
  }

  /**
   * Opens the folder of an experiment, and makes it where it is not there. Failed samples are
   * dropped, to be made again, and so is a line that was torn by a kill.
   *
   * @throws CommandException if it holds another experiment or shard, or cannot be read or written
   */
  public static ExperimentFolder open(Path folder, Experiment experiment, Shard shard) {
    ExperimentFolder opened = locked(folder, StoredExperiment.of(experiment, shard));
    try {
      opened.resume();
      return opened;
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Makes the folder of an experiment whose samples are there already.
   *
   * @throws CommandException if it holds an experiment, or cannot be written
   */
  static ExperimentFolder fill(Path folder, StoredExperiment stored, List<Sample> samples) {
    ExperimentFolder opened = locked(folder, stored);
    try {
      if (Files.exists(folder.resolve(EXPERIMENT))) {
        throw new CommandException(folder + ": holds an experiment; name another folder");
      }
      opened.results.write(samples);
      opened.samples.addAll(samples);
      opened.store();
      return opened;
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  private static ExperimentFolder locked(Path folder, StoredExperiment stored) {
    try {
      Files.createDirectories(folder);
      return new ExperimentFolder(folder, FolderLock.take(folder), stored);
    } catch (IOException e) {
      throw new CommandException(folder + ": cannot be made or locked: " + e, e);
    }
  }

  private void resume() {
    if (Files.exists(folder.resolve(EXPERIMENT))) {
      StoredExperiment there = stored(folder);
      requireSame(there);
      stored = there;
    } else if (Files.exists(folder.resolve(RESULTS))) {
      throw new CommandException(
          "%s: holds %s without %s; name another folder".formatted(folder, RESULTS, EXPERIMENT));
    } else {
      store();
    }
    samples.addAll(results.read());
    samples.removeIf(Sample::failed);
    results.write(samples);
  }

  private void requireSame(StoredExperiment there) {
    List<String> differences = stored.identity().differencesTo(there.identity());
    if (!stored.shard().equals(there.shard())) {
      differences.add("the shard is %s there and %s here".formatted(there.shard(), stored.shard()));
    }
    if (!differences.isEmpty()) {
      throw new CommandException(
          "%s: holds another experiment: %s%s"
              .formatted(
                  folder,
                  differences.stream().limit(MOST_DIFFERENCES).collect(Collectors.joining("; ")),
                  differences.size() > MOST_DIFFERENCES ? "; and more" : ""));
    }
  }

  /**
   * What a folder holds.
   *
   * @throws CommandException if it holds no experiment
   */
  public static StoredExperiment stored(Path folder) {
    return JsonLines.readFile(folder.resolve(EXPERIMENT), StoredExperiment.class);
  }

  /**
   * The samples that a folder holds, failed ones included.
   *
   * @throws CommandException if they cannot be read
   */
  public static List<Sample> samples(Path folder) {
    return new Results(folder.resolve(RESULTS)).read();
  }

  private void store() {
    Path file = folder.resolve(EXPERIMENT);
    Path fresh = folder.resolve(EXPERIMENT + ".new");
    try {
      Files.writeString(fresh, JsonLines.pretty(stored));
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CommandException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** Where it is. */
  public Path path() {
    return folder;
  }

  /** What is known of the experiment. */
  public StoredExperiment stored() {
    return stored;
  }

  /** The samples so far, those that this process has seen fail included. */
  public List<Sample> samples() {
    return List.copyOf(samples);
  }

  /** Adds a sample; it is on disk when this returns. */
  void add(Sample sample) {
    results.append(sample);
    samples.add(sample);
  }

  /**
   * All samples are there: those that had failed at first take their places, so that the file is
   * the same as if they had not.
   */
  void sort() {
    List<Sample> sorted = samples.stream().sorted(stored.design().order()).toList();
    if (!sorted.equals(samples)) {
      results.write(sorted);
      samples.clear();
      samples.addAll(sorted);
    }
  }

  /** Tells of a run that has ended. */
  void add(RunFacts run) {
    stored = stored.withRun(run);
    store();
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new CommandException(folder + ": cannot be unlocked: " + e.getMessage(), e);
    }
  }
}
