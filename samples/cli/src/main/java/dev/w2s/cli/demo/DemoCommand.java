// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.demo;

import dev.w2s.cli.io.Progress;
import dev.w2s.model.ModelSummary;
import dev.w2s.model.Placement;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.shell.AnyText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code w2s demo}: what guidance does, seen and measured on the embedded models. Prompts and seeds
 * are fixed, so that two runs differ in their times only.
 */
@Command(
    name = "demo",
    description = {
      "Guide the embedded movie-review model and measure what that gains; takes about a minute.",
      ""
    })
public final class DemoCommand implements Runnable {
  private static final int EXAMPLES = 4;
  private static final int PROMPTS = 16;

  /** A standard error needs two values. */
  private static final int FEWEST = 2;

  /** On a slow or busy machine fewer prompts are measured, so that the demo stays a demo. */
  private static final Duration MOST_TIME = Duration.ofSeconds(60);

  private static final int WIDTH = 100;

  @Spec private CommandSpec spec;

  @Option(
      names = "--prompts",
      paramLabel = "N",
      description =
          "How many prompts to measure, from 2 to 300, however long it takes (default: 16, or as many"
              + " as fit in a minute).")
  private @Nullable Integer count;

  @Option(
      names = "--base",
      paramLabel = "REF",
      defaultValue = DemoModels.BASE,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Another frozen model to guide.")
  private String base;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      defaultValue = DemoModels.TEMPLATE,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "How that model sees a prompt, with {{prompt}}.")
  private String template;

  @Option(
      names = "--prompted",
      paramLabel = "REF",
      defaultValue = DemoModels.UNTUNED,
      preprocessor = AnyText.class,
      converter = AnyText.class,
      description = "Another small model to put under the two sentences.")
  private String prompted;

  @Override
  public void run() {
    CommandLine line = spec.commandLine();
    List<String> prompts = DemoPrompts.all();
    int most = count == null ? PROMPTS : count;
    if (most < FEWEST || most > prompts.size()) {
      throw new ParameterException(
          line, "--prompts is %d; it must be from 2 to %d".formatted(most, prompts.size()));
    }
    long start = System.nanoTime();
    long end = count == null ? start + MOST_TIME.toNanos() : Long.MAX_VALUE;
    try (DemoModels models = DemoModels.load(Placement.AUTO, cast())) {
      models.warmUp();
      printHeader(models, (System.nanoTime() - start) / 1e9, line.getOut());
      List<List<DemoModels.Outcome>> rows =
          measure(models, prompts.subList(0, most), end, line.getOut(), line.getErr());
      if (rows.size() < most) {
        line.getOut().printf("Stopped after %d seconds.%n", MOST_TIME.toSeconds());
      }
      printTable(rows, line.getOut());
    }
  }

  private DemoModels.Cast cast() {
    try {
      PromptFormat.template(template);
      return new DemoModels.Cast(base, template, prompted);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--template: " + e.getMessage(), e);
    }
  }

  private void printHeader(DemoModels models, double seconds, PrintWriter out) {
    out.println("Weak-to-strong search on movie reviews");
    out.println();
    printModel("frozen base", models.base().summary(), out);
    printModel("tuned", models.pair().tuned().summary(), out);
    printModel("untuned", models.pair().untuned().summary(), out);
    printModel("judge", models.judge().summary(), out);
    out.printf(Locale.ROOT, "  loaded in %.1f s%n%n", seconds);
    out.println("  CBS(4,4,5): beam width W = 4, successors K = 4, chunk length L = 5 tokens.");
    out.printf(
        "  CBS prompted: the same, guided by nothing but %s under two sentences,%n",
        prompted.equals(DemoModels.UNTUNED) ? "\"untuned\"" : prompted);
    out.println("    \"" + DemoModels.WANTED + "\"");
    out.println("    \"" + DemoModels.OPPOSITE + "\".");
    out.println(
        "  Up to %d tokens, temperature 0.7, top-k 50, fixed seeds. Rewards are in nats:"
            .formatted(DemoMethod.TOKENS));
    out.println("  log p(POSITIVE) - log p(NEGATIVE) of prompt and response, by the judge.");
    out.println(
        "  Praise said twice has its reward, too. So beside it stand how unlikely the base finds");
    out.println(
        "  the text (nats a token), and the share of its pairs of words that are new (distinct-2).");
    out.println("  CBS guarded: the same search, kept near the base by a guard.");
    out.println();
    out.flush();
  }

  private static void printModel(String role, ModelSummary model, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "  %-12s %-32s %-6s %5.1f M parameters, %s, %s%n",
        role,
        model.reference(),
        model.family(),
        model.parameters() / 1e6,
        model.type(),
        model.device());
  }

  /** A row for each prompt, an outcome for each method. */
  private static List<List<DemoModels.Outcome>> measure(
      DemoModels models, List<String> prompts, long end, PrintWriter out, PrintWriter err) {
    List<List<DemoModels.Outcome>> rows = new ArrayList<>();
    int steps = prompts.size() * DemoMethod.ALL.size();
    try (Progress progress = Progress.always(err, "measuring", steps)) {
      for (int i = 0; i < prompts.size() && (i < FEWEST || System.nanoTime() < end); i++) {
        List<DemoModels.Outcome> row = new ArrayList<>();
        for (DemoMethod method : DemoMethod.ALL) {
          row.add(models.run(method, prompts.get(i), /* seed= */ i + 1));
          progress.step();
        }
        rows.add(row);
        if (i < EXAMPLES) {
          progress.wipe();
          printExample(prompts.get(i), row, out);
        }
      }
    }
    return rows;
  }

  /** What the first method wrote beside what the last one did. */
  private static void printExample(String prompt, List<DemoModels.Outcome> row, PrintWriter out) {
    int last = row.size() - 1;
    DemoModels.Outcome base = row.get(0);
    DemoModels.Outcome guided = row.get(last);
    out.println("\"" + prompt + "\"");
    out.print(
        SideBySide.format(
            List.of(heading(DemoMethod.ALL.get(0), base), ""),
            List.of(heading(DemoMethod.ALL.get(last), guided), ""),
            WIDTH));
    out.print(SideBySide.format(List.of(base.text()), List.of(guided.text()), WIDTH));
    out.println();
    out.flush();
  }

  private static String heading(DemoMethod method, DemoModels.Outcome outcome) {
    return String.format(Locale.ROOT, "[%s, reward %+.2f]", method.name(), outcome.reward());
  }

  private void printTable(List<List<DemoModels.Outcome>> rows, PrintWriter out) {
    out.printf("Mean of %d prompts (+/- its standard error)%n%n", rows.size());
    out.println(
        "  method        reward, nats      gain over base    nats a token  distinct-2  seconds");
    List<Statistics> rewards = new ArrayList<>();
    for (int m = 0; m < DemoMethod.ALL.size(); m++) {
      int column = m;
      Statistics reward = statistics(rows, row -> row.get(column).reward());
      Statistics gain = statistics(rows, row -> row.get(column).reward() - row.get(0).reward());
      rewards.add(reward);
      out.printf(
          Locale.ROOT,
          "  %-12s  %-16s  %-16s  %12.2f  %10.3f  %7.2f%n",
          DemoMethod.ALL.get(m).name(),
          reward.signed(),
          m == 0 ? "" : gain.signed(),
          statistics(rows, row -> row.get(column).natsAToken()).mean(),
          statistics(rows, row -> row.get(column).distinct2()).mean(),
          statistics(rows, row -> row.get(column).seconds()).mean());
    }
    out.println();
    out.println("  In order of reward: " + relation(rewards));
    out.println();
    out.println("Next: guide it yourself, and see every round, with");
    out.printf("  w2s generate --base %s --tuned embedded:movie-reviews/tuned \\%n", base);
    out.println("    --untuned embedded:movie-reviews/untuned --prompt \"This movie was\" --json");
    out.flush();
  }

  private static Statistics statistics(
      List<List<DemoModels.Outcome>> rows, Function<List<DemoModels.Outcome>, Double> of) {
    return Statistics.of(rows.stream().map(of).toList());
  }

  private static String relation(List<Statistics> rewards) {
    return IntStream.range(0, rewards.size())
        .boxed()
        .sorted((a, b) -> Double.compare(rewards.get(a).mean(), rewards.get(b).mean()))
        .map(i -> DemoMethod.ALL.get(i).name())
        .reduce((a, b) -> a + " < " + b)
        .orElseThrow();
  }
}
