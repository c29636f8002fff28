// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import static java.util.stream.Collectors.joining;

import dev.w2s.cli.experiment.measure.Estimate;
import dev.w2s.cli.experiment.run.Design;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** A summary as tables in Markdown, a line a method. */
final class Tables {
  private final Summary summary;
  private final StringBuilder text = new StringBuilder();

  private Tables(Summary summary) {
    this.summary = summary;
  }

  /** The first one, which says most. */
  static String first(Summary summary) {
    Tables tables = new Tables(summary);
    tables.rewards();
    return tables.text.toString();
  }

  /** All of them, each under a line that says what it is, but for the first. */
  static String all(Summary summary) {
    Tables tables = new Tables(summary);
    tables.rewards();
    tables.otherJudges();
    tables.differences();
    tables.diversity();
    tables.costs();
    return tables.text.toString();
  }

  private void rewards() {
    table(
        List.of(
            "method",
            "n",
            "reward",
            "gain over base",
            "win rate",
            "gain at equal distinct-2",
            "nats a token",
            "perplexity",
            "distinct-2",
            "seconds"),
        row ->
            List.of(
                row.name(),
                Integer.toString(row.n()),
                interval(row.first().reward(), "%+.2f"),
                compared(row, row.first().outcome().gain(), "%+.2f"),
                compared(row, row.first().outcome().win(), "%.2f"),
                compared(row, row.keptGain(), "%+.2f"),
                interval(row.nats(), "%.3f"),
                number(Math.exp(row.nats().value()), "%.2f"),
                interval(row.distinct2(), "%.3f"),
                number(row.seconds().value(), "%.2f")));
  }

  private void otherJudges() {
    for (Design.JudgeTitle judge : summary.design().judges().stream().skip(1).toList()) {
      line("By the judge `%s`, in %s:".formatted(judge.name(), judge.unit()));
      line("");
      table(
          List.of("method", "reward", "gain over base", "win rate"),
          row -> {
            Summary.Verdict verdict = Objects.requireNonNull(row.judges().get(judge.name()));
            return List.of(
                row.name(),
                interval(verdict.reward(), "%+.2f"),
                compared(row, verdict.outcome().gain(), "%+.2f"),
                compared(row, verdict.outcome().win(), "%.2f"));
          });
    }
  }

  /** Beside the base alone there is nothing that the first table does not say. */
  private void differences() {
    if (summary.methods().size() > 2) {
      summary.design().judges().forEach(this::differences);
    }
  }

  private void differences(Design.JudgeTitle judge) {
    List<String> names = summary.methods().stream().map(Summary.Row::name).toList();
    List<String> others = names.subList(0, names.size() - 1);
    line("What the method of a line gains over that of a column, by `%s`:".formatted(judge.name()));
    line("");
    table(
        Stream.concat(Stream.of("method"), others.stream()).toList(),
        row ->
            Stream.concat(
                    Stream.of(row.name()),
                    others.stream().map(other -> gain(judge.name(), row.name(), other)))
                .toList());
  }

  /** Nothing where a method stands before the other in the file. */
  private String gain(String judge, String method, String against) {
    return summary.differences().stream()
        .filter(d -> d.judge().equals(judge))
        .filter(d -> d.method().equals(method) && d.against().equals(against))
        .map(d -> interval(d.outcome().gain(), "%+.2f"))
        .findFirst()
        .orElse("");
  }

  private void diversity() {
    line("How responses look:");
    line("");
    table(
        List.of(
            "method",
            "pairs of equal distinct-2",
            "distinct-1",
            "tokens",
            "words",
            "ended",
            "score"),
        row ->
            List.of(
                row.name(),
                compared(row, row.keptShare(), "%.2f"),
                interval(row.distinct1(), "%.3f"),
                number(row.tokens().value(), "%.1f"),
                number(row.words().value(), "%.1f"),
                number(row.ended().value(), "%.2f"),
                number(row.score().value(), "%+.2f")));
  }

  private void costs() {
    line("What a response costs:");
    line("");
    table(
        List.of("method", "seconds", "sampled tokens", "scored tokens", "calls", "failed"),
        row ->
            List.of(
                row.name(),
                interval(row.seconds(), "%.2f"),
                number(row.sampledTokens().value(), "%.0f"),
                number(row.scoredTokens().value(), "%.0f"),
                number(row.calls().value(), "%.1f"),
                Integer.toString(row.failed())));
  }

  private interface Cells {
    List<String> of(Summary.Row row);
  }

  private void table(List<String> heads, Cells cells) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(heads);
    lines.add(Collections.nCopies(heads.size(), "---"));
    summary.methods().forEach(row -> lines.add(cells.of(row)));
    lines.forEach(
        cell ->
            line(
                Stream.concat(Stream.of(""), cell.stream().map(Tables::cell))
                    .collect(joining(" | ", "", " |"))
                    .strip()));
    line("");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  /** Nothing for the base, which is compared with itself. */
  private String compared(Summary.Row row, Estimate estimate, String format) {
    return row.name().equals(summary.design().baseline()) ? "" : interval(estimate, format);
  }

  private static String interval(Estimate estimate, String format) {
    String value = number(estimate.value(), format);
    return Double.isNaN(estimate.low())
        ? value
        : "%s [%s, %s]"
            .formatted(value, number(estimate.low(), format), number(estimate.high(), format));
  }

  /** Nothing where there is no figure. */
  static String number(double value, String format) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
