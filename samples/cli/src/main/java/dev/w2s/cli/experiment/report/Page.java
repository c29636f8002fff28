// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.w2s.cli.experiment.run.Design;
import dev.w2s.cli.experiment.run.RunFacts;
import dev.w2s.cli.experiment.run.Sample;
import dev.w2s.cli.experiment.run.StoredExperiment;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** {@code report.md}. */
final class Page {
  private static final int MOST_FAILURES = 10;
  private static final int MOST_EXAMPLES = 3;

  private final Summary summary;
  private final StoredExperiment stored;
  private final List<Sample> samples;
  private final List<String> figures;
  private final StringBuilder text = new StringBuilder();

  private Page(
      Summary summary, StoredExperiment stored, List<Sample> samples, List<String> figures) {
    this.summary = summary;
    this.stored = stored;
    this.samples = samples;
    this.figures = figures;
  }

  /**
   * The page.
   *
   * @param figures names of the files that are there
   */
  static String of(
      Summary summary, StoredExperiment stored, List<Sample> samples, List<String> figures) {
    Page page = new Page(summary, stored, samples, figures);
    page.heading();
    page.text.append(Tables.all(summary));
    page.columns();
    page.figures();
    page.examples();
    page.failures();
    page.runs();
    return page.text.toString();
  }

  private void heading() {
    Design design = summary.design();
    line("# %s", design.name());
    line("");
    line("* base: %s", code(design.base()));
    for (Design.JudgeTitle judge : design.judges()) {
      line("* judge %s: %s, in %s", code(judge.name()), judge.what(), judge.unit());
    }
    line(
        "* fluency: %s",
        design.fluency() == null
            ? "left out, since the file names no model for it and the base is not in this process,"
                + " or since it says so"
            : "nats a token under " + code(design.fluency()));
    long prompts = samples.stream().map(Sample::promptNumber).distinct().count();
    line("* %d of %d prompts; seeds %s", prompts, stored.identity().prompts(), design.seeds());
    line("* compared with %s: same prompt, same seed", code(design.baseline()));
    if (!stored.shard().equals("1/1")) {
      line("* shard %s alone; `w2s experiment merge` makes the whole of all", stored.shard());
    }
    line("");
  }

  private void columns() {
    line("## What the columns mean");
    line("");
    line("* In brackets: 95 %% percentile bootstrap interval, 10,000 resamples of whole prompts");
    line("  (the seeds of a prompt stay together), seeded. `summary.csv` has all of them.");
    line("* **n**: samples; **reward**: mean verdict of the first judge.");
    line(
        "* **gain over base**: mean difference from the base's sample of the same prompt and seed;");
    line(
        "  **win rate**: the share of these pairs with the higher reward, ties for half. What one");
    line(
        "  method gains over another is the mean difference of such pairs, too (differences.csv).");
    line(
        "* **nats a token**: minus log-probability of the responses under the fluency model, over");
    line(
        "  their tokens; **perplexity** is its exponential. Far above the base's: text that the base");
    line("  would not write.");
    line(
        "* **distinct-1, distinct-2**: share of words, of pairs of neighbouring words, that are there");
    line("  for the first time in a response. A reward that rises while it falls is bought with");
    line("  repetition.");
    line(
        "* **gain at equal distinct-2**: the gain over those pairs alone where distinct-2 is no lower");
    line("  than the base's; **pairs of equal distinct-2**: the share of those pairs.");
    line(
        "* **tokens**: of the response, as the model that wrote it counts; **ended**: share that it");
    line("  ended itself; **score**: by the guides, nats.");
    line(
        "* **seconds**: of a response, without its judging; **sampled tokens**: of the model that");
    line(
        "  writes, in all draws; **scored tokens**: run through the small models; **calls** to the");
    line("  model that writes.");
    line("");
  }

  private void figures() {
    line("## Figures");
    line("");
    if (figures.isEmpty()) {
      line("None: this machine has no fonts (fontconfig), or no sample is there.");
      line("");
    }
    for (String figure : figures) {
      line("![%s](%s)", figure.replace(".png", ""), figure);
      line("");
    }
  }

  /** What all methods made of the first prompts, under the first seed. */
  private void examples() {
    List<Sample> shown =
        samples.stream()
            .filter(s -> !s.failed() && s.seed() == summary.design().seeds().get(0))
            .toList();
    List<Integer> prompts =
        shown.stream().map(Sample::promptNumber).distinct().limit(MOST_EXAMPLES).toList();
    line("## Examples");
    line("");
    for (int prompt : prompts) {
      List<Sample> answers = shown.stream().filter(s -> s.promptNumber() == prompt).toList();
      line(
          "Prompt %d, seed %d: %s", prompt, answers.get(0).seed(), quoted(answers.get(0).prompt()));
      line("");
      for (Sample answer : answers) {
        line(
            "* %s, reward %s: %s",
            answer.method(),
            Tables.number(Summary.number(answer.reward()), "%+.2f"),
            quoted(TextNode.valueOf(answer.text())));
      }
      line("");
    }
  }

  /** As code, in which nothing of a text is markup. */
  private static String quoted(JsonNode text) {
    String json = text.toString();
    String fence = "`".repeat(1 + longestRun(json));
    return fence + " " + json + " " + fence;
  }

  private static int longestRun(String text) {
    return Pattern.compile("`+")
        .matcher(text)
        .results()
        .mapToInt(r -> r.group().length())
        .max()
        .orElse(0);
  }

  private void failures() {
    List<Sample> failed = samples.stream().filter(Sample::failed).toList();
    if (failed.isEmpty()) {
      return;
    }
    line("## Failed samples");
    line("");
    line(
        "%d samples failed and are in no figure above; the next run makes them again.",
        failed.size());
    line("");
    for (Sample sample : failed.stream().limit(MOST_FAILURES).toList()) {
      line("* %s: %s", sample.key(), String.valueOf(sample.failure()).replaceAll("\\s+", " "));
    }
    line("");
  }

  private void runs() {
    line("## Runs");
    line("");
    double seconds = stored.runs().stream().mapToDouble(RunFacts::seconds).sum();
    line(
        "%.0f seconds of wall time in runs that ended by themselves; %.0f seconds in all responses.",
        seconds, samples.stream().mapToDouble(Sample::seconds).sum());
    line("");
    for (RunFacts run : stored.runs()) {
      RunFacts.Machine machine = run.machine();
      line("```");
      line("%s", run.command());
      line("```");
      line("");
      line(
          "%s, %.0f seconds, %d samples, %d of them failed; w2s %s, Java %s, %s, %d cores, heap of %d"
              + " MiB.",
          run.started(),
          run.seconds(),
          run.made(),
          run.failed(),
          machine.w2s(),
          machine.java(),
          machine.system(),
          machine.cores(),
          machine.heap());
      line("");
    }
    List<String> models =
        stored.runs().stream().flatMap(run -> run.models().stream()).distinct().toList();
    models.forEach(model -> line("* %s", model));
    line("");
    line(
        "Settings of SHA-256 `%s`, prompts of `%s`.",
        stored.identity().settingsSha256(), stored.identity().promptsSha256());
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
