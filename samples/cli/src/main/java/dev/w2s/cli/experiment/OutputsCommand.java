// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.cli.experiment.run.ExperimentFolder;
import dev.w2s.cli.experiment.run.Sample;
import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.JsonLines;
import dev.w2s.shell.AnyText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code w2s experiment outputs}: a method's responses in the form that AlpacaEval reads. */
@Command(
    name = "outputs",
    description = {
      "Print a method's responses as AlpacaEval's model_outputs.json.",
      "",
      "A list of objects with instruction (of a conversation what the user said last), output and"
          + " generator (the method), in the order of the prompts.",
      ""
    })
final class OutputsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The folder of an experiment.")
  private String folder;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      required = true,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The method's name in the report.")
  private String method;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Which of the experiment's seeds; not needed where there is one.")
  private @Nullable Long seed;

  /** One response. */
  private record ModelOutput(String instruction, String output, String generator) {
    static ModelOutput of(Sample sample) {
      if (sample.text() == null) {
        throw new CommandException(sample.key() + ": has failed: " + sample.failure());
      }
      return new ModelOutput(instruction(sample.prompt()), sample.text(), sample.method());
    }

    private static String instruction(JsonNode prompt) {
      return prompt.isTextual()
          ? prompt.asText()
          : prompt.path(prompt.size() - 1).path("content").asText();
    }
  }

  @Override
  public void run() {
    List<Sample> all = ExperimentFolder.samples(Path.of(folder));
    List<Sample> ofMethod = all.stream().filter(s -> s.method().equals(method)).toList();
    if (ofMethod.isEmpty()) {
      throw new CommandException(
          "%s: method '%s' has no sample; those that have are %s"
              .formatted(folder, method, all.stream().map(Sample::method).distinct().toList()));
    }
    long chosen = seed(ofMethod.stream().map(Sample::seed).distinct().toList());
    List<ModelOutput> outputs =
        ofMethod.stream()
            .filter(sample -> sample.seed() == chosen)
            .sorted(Comparator.comparingInt(Sample::promptNumber))
            .map(ModelOutput::of)
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    out.print(JsonLines.pretty(outputs));
    out.flush();
    warn(outputs, ExperimentFolder.stored(Path.of(folder)).identity().prompts());
  }

  /** AlpacaEval joins two lists by their instructions, and drops or doubles what does not fit. */
  private void warn(List<ModelOutput> outputs, int prompts) {
    PrintWriter err = spec.commandLine().getErr();
    if (outputs.size() < prompts) {
      err.printf("w2s: %d of %d prompts have no response%n", prompts - outputs.size(), prompts);
    }
    long repeated =
        outputs.size() - outputs.stream().map(ModelOutput::instruction).distinct().count();
    if (repeated > 0) {
      err.printf(
          "w2s: %d of the instructions are there before; AlpacaEval mixes them up%n", repeated);
    }
  }

  private long seed(List<Long> there) {
    if (seed == null && there.size() > 1) {
      throw new CommandException(
          "--seed is missing; %s has samples of the seeds %s".formatted(folder, there));
    }
    long chosen = seed == null ? there.get(0) : seed;
    if (!there.contains(chosen)) {
      throw new CommandException(
          "--seed is %d; %s has samples of the seeds %s".formatted(chosen, folder, there));
    }
    return chosen;
  }
}
