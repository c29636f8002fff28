// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.doctor;

import dev.w2s.cli.demo.DemoModels;
import dev.w2s.cli.io.CommandException;
import dev.w2s.model.EngineSummary;
import dev.w2s.model.Placement;
import dev.w2s.model.WeightType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code w2s doctor}: checks a device. */
@Command(
    name = "doctor",
    description = {
      "Check a device: the engine, known scores, every type of weights, memory.",
      "",
      "The scores are those of Hugging Face transformers on the embedded models. Types are compared"
          + " on --model: seconds to load, megabytes, milliseconds for 16 x 32 tokens and for a step"
          + " of 16 draws, and the mean error of a token's log-probability against float32. A check"
          + " that fails is an error (exit code 1).",
      ""
    })
public final class DoctorCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--device",
      paramLabel = "D",
      defaultValue = "auto",
      description = "auto, cpu or cuda:N; auto takes the first GPU if there is one.")
  private String device;

  @Option(
      names = "--model",
      paramLabel = "REF",
      defaultValue = DemoModels.BASE,
      description = "The language model whose types are compared.")
  private String model;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Placement float32 = placement();
    EngineSummary engine = EngineSummary.read(float32);
    print(
        out,
        "engine  libtorch %s on %s, %d threads, multiplies bfloat16 faster: %s",
        engine.version(),
        engine.device(),
        engine.threads(),
        engine.multipliesBfloat16() ? "yes" : "no");
    List<Finding> findings = new ArrayList<>();
    Consumer<Finding> report =
        finding -> {
          findings.add(finding);
          print(out, "%s", finding);
        };
    report.accept(new KnownScores(float32).check());
    new TypeTable(model, device, out).check(report);
    report.accept(new MemoryCheck(model, float32).check());
    List<String> failed = findings.stream().filter(f -> !f.sound()).map(Finding::what).toList();
    if (!failed.isEmpty()) {
      throw new CommandException(
          "%d of %d checks failed on %s: %s"
              .formatted(
                  failed.size(), findings.size(), engine.device(), String.join(", ", failed)));
    }
  }

  private Placement placement() {
    try {
      return new Placement(device, WeightType.FLOAT32);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void print(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
