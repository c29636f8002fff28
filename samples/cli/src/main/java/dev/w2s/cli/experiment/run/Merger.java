// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import dev.w2s.cli.io.CommandException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes one experiment of its shards.
 *
 * @param folders one of each shard
 */
public record Merger(List<Path> folders) {
  private static final int MOST_NAMED = 5;

  /**
   * Merges them.
   *
   * @param target a folder that holds no experiment yet
   * @throws CommandException if they are not the shards of one experiment, all of them and each
   *     once, with all samples up to the last prompt that any of them has
   */
  public ExperimentFolder into(Path target) {
    Map<Path, StoredExperiment> shards = shards();
    StoredExperiment first = shards.values().iterator().next();
    List<Sample> samples = new ArrayList<>();
    Map<Sample.Key, Path> owners = new HashMap<>();
    for (Path folder : folders) {
      for (Sample sample : ExperimentFolder.samples(folder)) {
        Path other = owners.put(sample.key(), folder);
        if (other != null) {
          throw new CommandException(
              "%s and %s both hold %s".formatted(other, folder, sample.key()));
        }
        samples.add(sample);
      }
    }
    requireComplete(first.design(), asked(shards, samples), owners);
    samples.sort(first.design().order());
    List<RunFacts> runs = shards.values().stream().flatMap(each -> each.runs().stream()).toList();
    StoredExperiment whole =
        new StoredExperiment(first.identity(), Shard.WHOLE.toString(), first.design(), runs);
    return ExperimentFolder.fill(target, whole, samples);
  }

  private Map<Path, StoredExperiment> shards() {
    Map<Path, StoredExperiment> shards = new LinkedHashMap<>();
    Map<Shard, Path> places = new HashMap<>();
    for (Path folder : folders) {
      StoredExperiment stored = ExperimentFolder.stored(folder);
      shards.put(folder, stored);
      Path twin = places.put(Shard.parse(stored.shard()), folder);
      if (twin != null) {
        throw new CommandException(
            "%s and %s are both shard %s".formatted(twin, folder, stored.shard()));
      }
    }
    StoredExperiment first = shards.values().iterator().next();
    shards.forEach((folder, stored) -> requireSame(first, folder, stored));
    requireAll(places, Shard.parse(first.shard()).count());
    return shards;
  }

  private void requireSame(StoredExperiment first, Path folder, StoredExperiment stored) {
    List<String> differences = stored.identity().differencesTo(first.identity());
    if (!differences.isEmpty()) {
      throw new CommandException(
          "%s and %s are of different experiments: %s"
              .formatted(
                  folders.get(0),
                  folder,
                  differences.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))));
    }
  }

  private static void requireAll(Map<Shard, Path> places, int count) {
    List<Shard> missing =
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> new Shard(i, count))
            .filter(shard -> !places.containsKey(shard))
            .toList();
    if (!missing.isEmpty() || places.size() != count) {
      throw new CommandException(
          "the shards %s are there and %s are missing; all of one division must be there"
              .formatted(places.keySet(), missing));
    }
  }

  /** The prompts that the shards were to ask; one that was killed early has told nothing. */
  private static int asked(Map<Path, StoredExperiment> shards, List<Sample> samples) {
    return IntStream.concat(
            shards.values().stream()
                .flatMap(shard -> shard.runs().stream())
                .mapToInt(RunFacts::prompts),
            samples.stream().mapToInt(Sample::promptNumber))
        .max()
        .orElse(0);
  }

  private static void requireComplete(Design design, int asked, Map<Sample.Key, Path> owners) {
    List<Sample.Key> missing =
        IntStream.rangeClosed(1, asked)
            .boxed()
            .flatMap(number -> design.keys(number).stream())
            .filter(key -> !owners.containsKey(key))
            .toList();
    if (!missing.isEmpty()) {
      throw new CommandException(
          "%d of %d samples are missing, such as %s; run their shards to the end first"
              .formatted(missing.size(), missing.size() + owners.size(), missing.get(0)));
    }
  }
}
