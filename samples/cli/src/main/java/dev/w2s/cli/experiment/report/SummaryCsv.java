// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import dev.w2s.cli.experiment.measure.Estimate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code summary.csv}: a line a method; {@code differences.csv}: a line a judge and two methods.
 */
final class SummaryCsv {
  private SummaryCsv() {}

  static String of(Summary summary) {
    return lines(summary.methods().stream().map(SummaryCsv::fields).toList());
  }

  /** Nothing where there is one method. */
  static String differences(Summary summary) {
    return lines(summary.differences().stream().map(SummaryCsv::fields).toList());
  }

  private static String lines(List<Map<String, String>> records) {
    StringBuilder lines = new StringBuilder();
    for (Map<String, String> fields : records) {
      if (lines.isEmpty()) {
        lines.append(line(fields.keySet()));
      }
      lines.append(line(fields.values()));
    }
    return lines.toString();
  }

  private static Map<String, String> fields(Summary.Row row) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("method", row.name());
    fields.put("n", Integer.toString(row.n()));
    fields.put("failed", Integer.toString(row.failed()));
    fields.put("prompts", Integer.toString(row.prompts()));
    boolean first = true;
    for (Map.Entry<String, Summary.Verdict> judge : row.judges().entrySet()) {
      String prefix = first ? "" : judge.getKey() + "_";
      put(fields, prefix + "reward", judge.getValue().reward());
      put(fields, prefix + "gain", judge.getValue().outcome().gain());
      put(fields, prefix + "win_rate", judge.getValue().outcome().win());
      first = false;
    }
    put(fields, "gain_at_distinct2", row.keptGain());
    put(fields, "share_at_distinct2", row.keptShare());
    put(fields, "score", row.score());
    put(fields, "nats_a_token", row.nats());
    fields.put("perplexity", number(Math.exp(row.nats().value())));
    put(fields, "distinct1", row.distinct1());
    put(fields, "distinct2", row.distinct2());
    put(fields, "tokens", row.tokens());
    put(fields, "words", row.words());
    put(fields, "ended", row.ended());
    put(fields, "seconds", row.seconds());
    put(fields, "sampled_tokens", row.sampledTokens());
    put(fields, "scored_tokens", row.scoredTokens());
    put(fields, "calls", row.calls());
    return fields;
  }

  private static Map<String, String> fields(Summary.Difference difference) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("judge", difference.judge());
    fields.put("method", difference.method());
    fields.put("against", difference.against());
    fields.put("pairs", Integer.toString(difference.outcome().pairs()));
    put(fields, "gain", difference.outcome().gain());
    put(fields, "win_rate", difference.outcome().win());
    return fields;
  }

  private static void put(Map<String, String> fields, String name, Estimate estimate) {
    fields.put(name, number(estimate.value()));
    fields.put(name + "_low", number(estimate.low()));
    fields.put(name + "_high", number(estimate.high()));
  }

  /** Empty where there is none. */
  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
  }

  private static String line(Collection<String> fields) {
    return fields.stream().map(SummaryCsv::quoted).collect(Collectors.joining(",", "", "\n"));
  }

  private static String quoted(String field) {
    return field.matches("[^\",\\r\\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
