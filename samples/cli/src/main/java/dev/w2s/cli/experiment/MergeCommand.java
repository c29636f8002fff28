// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment;

import dev.w2s.cli.experiment.run.ExperimentFolder;
import dev.w2s.cli.experiment.run.Merger;
import dev.w2s.shell.AnyText;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code w2s experiment merge}: makes one experiment of its shards. */
@Command(
    name = "merge",
    description = {
      "Put the shards of an experiment together, and report on the whole.",
      "",
      "They must be of one experiment, all of one division, with all samples, none of them twice.",
      ""
    })
final class MergeCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "A folder that holds no experiment yet; it is made if it is not there.")
  private String out;

  @Parameters(
      arity = "1..*",
      paramLabel = "SHARD",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The folders of the shards.")
  private List<String> shards;

  @Override
  public void run() {
    Merger merger = new Merger(shards.stream().map(Path::of).toList());
    try (ExperimentFolder folder = merger.into(Path.of(out))) {
      Output.write(folder, spec.commandLine());
    }
  }
}
