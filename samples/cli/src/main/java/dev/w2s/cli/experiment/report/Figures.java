// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import dev.w2s.cli.experiment.measure.Estimate;
import dev.w2s.cli.experiment.plan.MethodPlan.Sweep;
import dev.w2s.cli.experiment.report.Chart.Line;
import dev.w2s.cli.experiment.report.Chart.Point;
import dev.w2s.cli.experiment.run.Design.JudgeTitle;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is drawn of a summary: the paper's figures (4.1, Figures 3 to 5), and what they cost. */
final class Figures {
  /** Values that lie further apart than so are drawn on a logarithmic axis. */
  private static final double WIDE = 8;

  private final Summary summary;
  private final List<Summary.Row> rows;
  private final JudgeTitle judge;

  private Figures(Summary summary) {
    this.summary = summary;
    rows = summary.methods().stream().filter(row -> row.n() > 0).toList();
    judge = summary.design().judges().get(0);
  }

  /** All figures by the names of their files. */
  static Map<String, Chart> of(Summary summary) {
    return new Figures(summary).charts();
  }

  private Map<String, Chart> charts() {
    Map<String, Chart> charts = new LinkedHashMap<>();
    if (rows.isEmpty()) {
      return charts;
    }
    for (JudgeTitle each : summary.design().judges()) {
      String file = each.equals(judge) ? "reward.png" : "reward-" + each.name() + ".png";
      charts.put(file, byMethod(each));
    }
    if (summary.hasFluency()) {
      charts.put("fluency.png", against("fluency, nats a token", Summary.Row::nats));
    }
    charts.put("diversity.png", against("distinct-2", Summary.Row::distinct2));
    charts.put("time.png", against("seconds a response", Summary.Row::seconds));
    for (JudgeTitle each : summary.design().judges()) {
      String end = each.equals(judge) ? ".png" : "-" + each.name() + ".png";
      sweeps(each)
          .forEach((key, lines) -> charts.put("sweep-" + key + end, sweep(key, lines, each)));
    }
    return charts;
  }

  private Chart byMethod(JudgeTitle each) {
    List<Line> lines =
        IntStream.range(0, rows.size())
            .mapToObj(
                i ->
                    new Line(
                        (i + 1) + " " + rows.get(i).name(),
                        List.of(Point.at(i + 1, verdict(rows.get(i), each).reward()))))
            .toList();
    return new Chart(
        "Reward by " + each.name() + ", 95 % intervals", "method", reward(each), false, lines);
  }

  private Chart against(String title, Function<Summary.Row, Estimate> x) {
    List<Line> lines =
        rows.stream()
            .map(
                row -> new Line(row.name(), List.of(new Point(x.apply(row), row.first().reward()))))
            .toList();
    return new Chart("Reward beside " + title, title, reward(judge), false, lines);
  }

  /** For each key that methods differ in, a line for each series. */
  private Map<String, Map<String, Map<Double, Estimate>>> sweeps(JudgeTitle each) {
    Map<String, Map<String, Map<Double, Estimate>>> sweeps = new TreeMap<>();
    for (Summary.Row row : rows) {
      Sweep sweep = row.sweep();
      if (sweep != null) {
        sweeps
            .computeIfAbsent(sweep.key(), key -> new LinkedHashMap<>())
            .computeIfAbsent(sweep.series(), series -> new TreeMap<>())
            .put(sweep.value(), verdict(row, each).reward());
      }
    }
    return sweeps;
  }

  private Chart sweep(String key, Map<String, Map<Double, Estimate>> series, JudgeTitle each) {
    List<Line> lines = new ArrayList<>();
    series.forEach(
        (name, points) ->
            lines.add(
                new Line(
                    name,
                    points.entrySet().stream()
                        .map(point -> Point.at(point.getKey(), point.getValue()))
                        .toList())));
    DoubleSummaryStatistics range =
        series.values().stream()
            .flatMap(points -> points.keySet().stream())
            .collect(Collectors.summarizingDouble(x -> x));
    double low = range.getMin();
    double high = range.getMax();
    baseline(low, high, each, lines);
    return new Chart("Reward over " + key, key, reward(each), low > 0 && high / low >= WIDE, lines);
  }

  /** The base, right across. */
  private void baseline(double low, double high, JudgeTitle each, List<Line> lines) {
    rows.stream()
        .filter(row -> row.name().equals(summary.design().baseline()))
        .forEach(
            row -> {
              double reward = verdict(row, each).reward().value();
              Estimate level = new Estimate(reward, Double.NaN, Double.NaN);
              lines.add(new Line(row.name(), List.of(Point.at(low, level), Point.at(high, level))));
            });
  }

  private static Summary.Verdict verdict(Summary.Row row, JudgeTitle judge) {
    return Objects.requireNonNull(row.judges().get(judge.name()), judge.name());
  }

  private static String reward(JudgeTitle judge) {
    return judge.name() + ", " + judge.unit();
  }
}
