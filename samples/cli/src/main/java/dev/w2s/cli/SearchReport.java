// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.Round;
import dev.w2s.search.SearchResult;
import dev.w2s.search.Usage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code generate --json} prints of one prompt. The components' names are the keys.
 *
 * @param text the response without the prompt
 * @param score nats; null where nothing was chosen and so no pair was asked
 * @param hypotheses all that were kept, the response first
 * @param rounds the trace
 * @param usage what it cost
 * @param seconds how long it took, models already loaded
 */
record SearchReport(
    String text,
    @Nullable Double score,
    List<Kept> hypotheses,
    List<RoundReport> rounds,
    Map<String, Long> usage,
    Seconds seconds) {

  record Kept(String text, @Nullable Double score, boolean ended) {
    static Kept of(Hypothesis scored) {
      return new Kept(
          scored.candidate().text(),
          scored.isScored() ? Double.valueOf(scored.score()) : null,
          scored.candidate().ended());
    }

    static List<Kept> of(List<Hypothesis> scored) {
      return scored.stream().map(Kept::of).toList();
    }
  }

  record RoundReport(
      int round,
      List<Kept> candidates,
      List<Kept> kept,
      double samplingSeconds,
      double scoringSeconds) {
    static RoundReport of(Round round) {
      return new RoundReport(
          round.number(),
          Kept.of(round.candidates()),
          Kept.of(round.kept()),
          seconds(round.sampling()),
          seconds(round.scoring()));
    }
  }

  record Seconds(double sampling, double scoring, double total) {}

  static SearchReport of(
      SearchResult result, List<Round> rounds, Duration total, @Nullable OpenAiCompatible remote) {
    List<Kept> hypotheses = Kept.of(result.hypotheses());
    return new SearchReport(
        hypotheses.get(0).text(),
        hypotheses.get(0).score(),
        hypotheses,
        rounds.stream().map(RoundReport::of).toList(),
        usage(result.usage(), remote),
        new Seconds(
            seconds(rounds.stream().map(Round::sampling).reduce(Duration.ZERO, Duration::plus)),
            seconds(rounds.stream().map(Round::scoring).reduce(Duration.ZERO, Duration::plus)),
            seconds(total)));
  }

  /** Of a server also what was sent for all prompts so far, and what it was found not to do. */
  private static Map<String, Long> usage(Usage usage, @Nullable OpenAiCompatible remote) {
    Map<String, Long> report = new LinkedHashMap<>();
    report.put("sampled_tokens", usage.sampledTokens());
    report.put("scored_tokens", usage.scoredTokens());
    if (remote != null) {
      report.put("http_requests", remote.httpRequests());
      report.put("fallbacks", remote.fallbacks());
      report.put("dropped", usage.dropped());
    }
    return report;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
