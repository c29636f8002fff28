// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.InputLines;
import dev.w2s.cli.io.JsonLines;
import dev.w2s.cli.io.Messages;
import dev.w2s.cli.options.PairPromptOptions;
import dev.w2s.cli.options.PlacementOptions;
import dev.w2s.guidance.Calibration;
import dev.w2s.guidance.Calibrator;
import dev.w2s.guidance.Pair;
import dev.w2s.guidance.PairSource;
import dev.w2s.guidance.Preference;
import dev.w2s.prompt.Prompt;
import dev.w2s.shell.AnyText;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code w2s calibrate}: whether a pair wants what its user wants. */
@Command(
    name = "calibrate",
    description = {
      "Say how often a pair prefers what you prefer, before it guides anything.",
      "",
      "Each line of the input is {\"prompt\": \"...\", \"chosen\": \"...\", \"rejected\": \"...\"}, or"
          + " has a list \"messages\" in place of the prompt. With \"ended\": true both responses really"
          + " ended, and their ends count. Other keys are ignored, a blank line is an error.",
      "",
      "With --json it prints one object on one line: pairs, ties, unscored, agree, low and high (95 %%"
          + " interval of agree), margin and noise (nats), prefers_longer, length_decides, verdict:"
          + " agrees, disagrees or undecided.",
      ""
    })
final class CalibrateCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--tuned",
      paramLabel = "REF",
      required = true,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Tuned model.")
  private String tuned;

  @Option(
      names = "--preferences",
      paramLabel = "FILE|-",
      required = true,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "The preferences, one a line; - reads standard input.")
  private String preferences;

  @Mixin private PairPromptOptions pairPrompt;

  @Mixin private PlacementOptions placement;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Everything on one line; what is not a number is null. */
  private record Report(
      int pairs,
      int ties,
      int unscored,
      double agree,
      double low,
      double high,
      double margin,
      double noise,
      @Nullable Double prefersLonger,
      boolean lengthDecides,
      String verdict) {

    static Report of(Calibration found) {
      return new Report(
          found.pairs(),
          found.ties(),
          found.unscored(),
          found.agree(),
          found.interval().low(),
          found.interval().high(),
          found.margin(),
          found.noise(),
          Double.isNaN(found.prefersLonger()) ? null : found.prefersLonger(),
          found.lengthDecides(),
          found.verdict().name().toLowerCase(Locale.ROOT));
    }
  }

  @Override
  public void run() {
    try (InputLines lines = InputLines.open(preferences)) {
      InputLines.Line line = lines.next();
      if (line == null) {
        throw new CommandException(lines.name() + ": holds no preference");
      }
      Preference first = preference(line);
      PairSource source = pairPrompt.pair(tuned, first.prompt(), placement.placement());
      try (Pair pair = source.open()) {
        Calibrator calibrator = new Calibrator(pair);
        add(calibrator, first, line);
        for (line = lines.next(); line != null; line = lines.next()) {
          Preference preference = preference(line);
          requireSameKind(first, preference, line);
          add(calibrator, preference, line);
        }
        print(calibrator.result(), spec.commandLine().getOut());
      }
    }
  }

  /** Templates and suffixes are for one of the two, and would be left out for the other. */
  private static void requireSameKind(
      Preference first, Preference preference, InputLines.Line line) {
    if (first.prompt().getClass() != preference.prompt().getClass()) {
      throw new CommandException(
          line.place() + ": must have prompt or messages as the first line has");
    }
  }

  private static void add(Calibrator calibrator, Preference preference, InputLines.Line line) {
    try {
      calibrator.add(preference);
    } catch (RuntimeException e) {
      throw new CommandException(line.place() + ": " + e.getMessage(), e);
    }
  }

  private static Preference preference(InputLines.Line line) {
    ObjectNode object = JsonLines.read(line);
    boolean ended = object.has("ended") && JsonLines.flag(object, "ended", line);
    String chosen = JsonLines.text(object, "chosen", line);
    String rejected = JsonLines.text(object, "rejected", line);
    try {
      return new Preference(prompt(object, line), chosen, rejected, ended);
    } catch (IllegalArgumentException e) {
      throw new CommandException(line.place() + ": " + e.getMessage(), e);
    }
  }

  private static Prompt prompt(ObjectNode object, InputLines.Line line) {
    if (object.has("prompt") == object.has("messages")) {
      throw new CommandException(
          line.place() + ": must have prompt or messages, one of the two alone");
    }
    return object.has("prompt")
        ? Prompt.of(JsonLines.text(object, "prompt", line))
        : Messages.conversation(object.get("messages"), line.place() + ": messages");
  }

  private void print(Calibration found, PrintWriter out) {
    if (json) {
      JsonLines.write(out, Report.of(found));
      return;
    }
    out.printf(
        Locale.ROOT,
        "pairs     %d, of which %d tied; %d more were too long to be scored%n",
        found.pairs(),
        found.ties(),
        found.unscored());
    out.printf(
        Locale.ROOT,
        "agree     %.1f %%, 95 %% interval %.1f to %.1f %%%n",
        100 * found.agree(),
        100 * found.interval().low(),
        100 * found.interval().high());
    out.printf(
        Locale.ROOT,
        "margin    %+.2f nats for what you prefer; noise %.2f nats%n",
        found.margin(),
        found.noise());
    if (!Double.isNaN(found.prefersLonger())) {
      out.printf(
          Locale.ROOT,
          "length    prefers the longer text in %.1f %%%s%n",
          100 * found.prefersLonger(),
          found.lengthDecides() ? ": length decides" : "");
    }
    out.println("verdict   " + verdict(found));
    out.flush();
  }

  private static String verdict(Calibration found) {
    return switch (found.verdict()) {
      case AGREES -> "agrees: the pair wants what you want";
      case DISAGREES -> "disagrees: the pair wants the opposite; are its two sides swapped?";
      case UNDECIDED -> "undecided: too few pairs to tell, or a guide that does not know";
    };
  }
}
