// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment;

import dev.w2s.cli.experiment.file.ExperimentFile;
import dev.w2s.cli.experiment.file.InvalidExperimentException;
import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.cli.experiment.run.ExperimentFolder;
import dev.w2s.cli.experiment.run.Runner;
import dev.w2s.cli.experiment.run.Runner.End;
import dev.w2s.cli.experiment.run.Sample;
import dev.w2s.cli.experiment.run.Shard;
import dev.w2s.cli.io.Interrupts;
import dev.w2s.shell.AnyText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code w2s experiment run}: makes what is missing of an experiment, and a report. */
@Command(
    name = "run",
    description = {
      "Run an experiment into a folder, or go on with one that was interrupted.",
      "",
      "The folder then holds results.jsonl (a line a sample), summary.csv (a line a method), report.md"
          + " and its figures, and experiment.json, by which another experiment in the same folder is"
          + " refused. Samples that failed are made again. Ctrl-C ends the run after the sample that is"
          + " being made.",
      ""
    })
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The experiment, in YAML; paths in it are relative to it.")
  private String file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The folder; it is made if it is not there.")
  private String out;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The first N prompts only; a later, larger one goes on from there.")
  private @Nullable Integer limit;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      converter = ShardConverter.class,
      description = "The I-th of N parts of the prompts, for merge to put together.")
  private @Nullable Shard shard;

  /** Reads I/N. */
  static final class ShardConverter implements CommandLine.ITypeConverter<Shard> {
    @Override
    public Shard convert(String text) {
      try {
        return Shard.parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public Integer call() {
    if (limit != null && limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + "; it must be at least 1");
    }
    try {
      Experiment experiment = ExperimentFile.read(Path.of(file));
      return run(
          limit == null
              ? experiment
              : experiment.withLimits(experiment.limits().withPrompts(limit)));
    } catch (InvalidExperimentException e) {
      e.faults().forEach(fault -> err().println("w2s: " + fault));
      return CommandLine.ExitCode.USAGE;
    }
  }

  private int run(Experiment experiment) {
    Shard part = shard == null ? Shard.WHOLE : shard;
    String command = "w2s " + String.join(" ", arguments());
    try (Interrupts interrupts = Interrupts.open();
        ExperimentFolder folder = ExperimentFolder.open(Path.of(out), experiment, part)) {
      End end = new Runner(experiment, part, command, err()).run(folder, interrupts.cancellation());
      Output.write(folder, spec.commandLine());
      tell(end, folder);
      return end == End.TOO_MANY_FAILURES ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }
  }

  private List<String> arguments() {
    return spec.root().commandLine().getParseResult().originalArgs();
  }

  private void tell(End end, ExperimentFolder folder) {
    List<Sample> failed = folder.samples().stream().filter(Sample::failed).toList();
    if (!failed.isEmpty()) {
      Sample last = failed.get(failed.size() - 1);
      err()
          .printf(
              "w2s: %d samples failed, the last one (%s): %s%n",
              failed.size(), last.key(), String.valueOf(last.failure()).replaceAll("\\s+", " "));
    }
    switch (end) {
      case COMPLETE -> {}
      case INTERRUPTED -> err().println("w2s: interrupted; the same command goes on");
      case OUT_OF_TIME -> err().println("w2s: limits.minutes are over; the same command goes on");
      case TOO_MANY_FAILURES ->
          err().println("w2s: more failed than limits.failures; the same command tries again");
    }
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
