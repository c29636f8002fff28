// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.model.Placement;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where models run and in which type. */
public final class PlacementOptions {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--device",
      paramLabel = "D",
      defaultValue = "auto",
      description = "auto, cpu or cuda:N; auto takes the first GPU if there is one.")
  private String device;

  @Option(
      names = "--dtype",
      paramLabel = "T",
      defaultValue = "auto",
      description =
          "auto, float32, bfloat16, float16, int8 or int4; auto is float32 on a CPU (bfloat16 of"
              + " large models where it has AMX), as stored on a GPU.")
  private String dtype;

  /** The placement; what is no device or type is an error of usage. */
  public Placement placement() {
    try {
      return Placement.parse(device, dtype);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
