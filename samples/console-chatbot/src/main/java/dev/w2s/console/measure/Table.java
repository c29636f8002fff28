// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What was measured, in lines. */
final class Table {
  /** What all others are compared with. */
  static final String FIRST = "unguided";

  private Table() {}

  /**
   * Mean reward with its standard error, how often the answer is kinder than the first way's, and
   * how often the model ended it.
   */
  static List<String> of(Map<String, List<Judged>> ways, List<Judged> first) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(Locale.ROOT, "%-18s %-16s %-8s %s", "", "reward, nats", "kinder", "ended"));
    ways.forEach((name, judged) -> lines.add(row(name, judged, first)));
    return lines;
  }

  private static String row(String name, List<Judged> judged, List<Judged> first) {
    double[] rewards = judged.stream().mapToDouble(Judged::reward).toArray();
    long ended = judged.stream().filter(Judged::ended).count();
    long kinder =
        IntStream.range(0, rewards.length).filter(i -> rewards[i] > first.get(i).reward()).count();
    return String.format(
        Locale.ROOT,
        "%-18s %+.2f +/- %.2f   %-8s %d/%d",
        name,
        mean(rewards),
        standardError(rewards),
        name.equals(FIRST) ? "" : kinder + "/" + rewards.length,
        ended,
        rewards.length);
  }

  static double mean(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElse(0);
  }

  /** Of the mean, by the sample's variance. */
  static double standardError(double[] values) {
    double mean = mean(values);
    double squares =
        IntStream.range(0, values.length)
            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
            .sum();
    return Math.sqrt(squares / (values.length - 1) / values.length);
  }
}
