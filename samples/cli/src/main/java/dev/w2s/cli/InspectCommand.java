// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.options.PlacementOptions;
import dev.w2s.guidance.PairCheck;
import dev.w2s.model.ModelFiles;
import dev.w2s.model.ModelSummary;
import dev.w2s.model.Placement;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code w2s inspect}: what a model is, and whether two of them make a pair. */
@Command(
    name = "inspect",
    description = {
      "Tell what a model is and, given two, whether they make a valid pair.",
      "",
      "Two models that make no pair are an error (exit code 1).",
      ""
    })
final class InspectCommand implements Runnable {
  private static final int TEMPLATE_EXCERPT = 60;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "REF", description = "A model; of a pair the tuned one.")
  private String first;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "REF",
      description = "The model it was tuned from.")
  private @Nullable String second;

  @Mixin private PlacementOptions placement;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Placement where = placement.placement();
    if (second == null) {
      out.print(describe(ModelSummary.read(first, where)));
      out.flush();
    } else {
      inspectPair(first, second, where, out);
    }
  }

  private static void inspectPair(String first, String second, Placement where, PrintWriter out) {
    try (ModelFiles untuned = ModelFiles.read(second);
        ModelFiles tuned = ModelFiles.read(first, untuned)) {
      out.println(describe(tuned.summary(where)));
      out.println(describe(untuned.summary(where)));
      PairCheck check = PairCheck.of(tuned, untuned);
      out.println("pair: " + (check.valid() ? "valid" : "not valid"));
      check.warnings().forEach(warning -> out.println("  warning: " + warning));
      out.flush();
      if (!check.valid()) {
        throw new CommandException("not a pair: " + String.join("; ", check.errors()));
      }
    }
  }

  static String describe(ModelSummary model) {
    String template = model.chatTemplate();
    return """
        %s
          kind        %s
          family      %s
          layers      %d
          width       %d
          heads       %d, with %d key/value heads
          positions   %d
          vocabulary  %d
          parameters  %,d
          type        %s on %s
          bytes       %,d
          tokenizer   %d tokens, EOS %s
          template    %s
        %s"""
        .formatted(
            model.reference(),
            model.labels().isEmpty()
                ? model.kind()
                : model.kind() + ": " + String.join(", ", model.labels()),
            model.family(),
            model.layers(),
            model.width(),
            model.heads(),
            model.kvHeads(),
            model.positions(),
            model.vocabulary(),
            model.parameters(),
            model.type(),
            model.device(),
            model.bytes(),
            model.tokenizerVocabulary(),
            eos(model.eosTokens()),
            template == null ? "none" : excerpt(template),
            adapter(model.adapter()));
  }

  private static String adapter(ModelSummary.@Nullable Adapter adapter) {
    return adapter == null
        ? ""
        : """
            adapter     over %s
              rank      %s
              modules   %s
              adds      %,d parameters
          """
            .formatted(
                adapter.base(),
                adapter.ranks().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                String.join(", ", adapter.modules()),
                adapter.parameters());
  }

  private static String eos(List<Integer> ids) {
    String joined = ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return ids.isEmpty() ? "none" : (ids.size() == 1 ? "id " : "ids ") + joined;
  }

  private static String excerpt(String template) {
    String line = Failures.oneLine(template);
    return line.length() <= TEMPLATE_EXCERPT
        ? line
        : String.format(
            Locale.ROOT,
            "%s... (%d characters)",
            line.substring(0, TEMPLATE_EXCERPT),
            template.length());
  }
}
