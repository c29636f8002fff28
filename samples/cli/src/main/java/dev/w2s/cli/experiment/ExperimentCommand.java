// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code w2s experiment}: what guidance gains and what it costs, in figures. */
@Command(
    name = "experiment",
    description = {
      "Compare methods on prompts: rewards, fluency, diversity and cost, with their intervals.",
      ""
    },
    subcommands = {RunCommand.class, MergeCommand.class, OutputsCommand.class})
public final class ExperimentCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** A call without a subcommand is one that is not understood. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "run, merge or outputs is needed");
  }
}
