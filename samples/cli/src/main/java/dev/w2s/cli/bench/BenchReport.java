// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.cli.demo.Statistics;
import dev.w2s.cli.io.CommandException;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.model.ModelSummary;
import dev.w2s.model.WeightType;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Prints what {@code bench} measures. */
final class BenchReport {
  /** What float32 scores may differ by between two orders of summation, nats. */
  private static final double TOLERANCE = 1e-3;

  private static final double MOST_PROMPTED = 1.2;
  private static final double LEAST_SPEEDUP = 25;
  private static final double MOST_GROWTH = 1.15;
  private static final double MOST_MEMORY = 1.05;

  /** Seconds. */
  private static final double MOST_START = 1.5;

  private static final int SPEEDUP_TOKENS = 256;
  private static final int GROWTH_TOKENS = 512;

  /** Rounds whose mean is compared, at either end; the first round runs the prompt and is none. */
  private static final int COMPARED = 10;

  private final PrintWriter out;

  BenchReport(PrintWriter out) {
    this.out = out;
  }

  void start() {
    print(
        "Cost of scoring, W, K, L = %d, %d, %d, on %d processors. Times in seconds.%n"
            + "cached: only what is new since the round before; shared: a new session each round;%n"
            + "afresh: every candidate's whole text on its own%n",
        ScoringBench.BEAM_WIDTH,
        ScoringBench.SUCCESSORS,
        ScoringBench.CHUNK_LENGTH,
        Runtime.getRuntime().availableProcessors());
  }

  void hint() {
    print("%nThe targets are for a pair of 124 M parameters: --large%n");
  }

  void pair(String title, GuidancePair pair, String candidates) {
    ModelSummary model = pair.tuned().summary();
    print(
        "%n%s: 2 x %.1f M parameters, %s, %s; %s%n",
        title, model.parameters() / 1e6, model.type(), model.device(), candidates);
  }

  void rounds(List<RoundCost> costs) {
    print(
        "%n  round  tokens  sampling    cached    shared    afresh  afresh/cached  shared/cached%n");
    for (RoundCost cost : costs) {
      if (RoundCost.shown(cost.round(), costs.size())) {
        RoundCost.Scoring scoring = cost.scoring();
        print(
            "  %5d  %6d  %8.3f  %8.4f  %8s  %8s  %13s  %13s%n",
            cost.round(),
            cost.tokens(),
            cost.sampling(),
            scoring.cached(),
            number("%.4f", scoring.shared()),
            number("%.4f", scoring.afresh()),
            number("%.1f", scoring.afresh() / scoring.cached()),
            number("%.1f", scoring.shared() / scoring.cached()));
      }
    }
  }

  /** Sums over the rounds that make up a prefix of so many tokens. */
  void totals(List<RoundCost> costs, int... prefixes) {
    for (int prefix : prefixes) {
      List<RoundCost> part = prefix(costs, prefix);
      if (reaches(costs, prefix)) {
        double cached = cached(part);
        double afresh = afresh(part);
        print(
            "  to %3d tokens: sampling %.2f, cached %.2f, afresh %s, afresh/cached %s%n",
            prefix,
            sum(part, RoundCost::sampling),
            cached,
            number("%.2f", afresh),
            number("%.1f", afresh / cached));
      }
    }
    print(
        "  rounds 2 to %d and the last %d, cached: means %.4f and %.4f, ratio %.2f%n",
        COMPARED + 1, COMPARED, early(costs), late(costs), late(costs) / early(costs));
  }

  /**
   * What one model under two sentences costs beside two models, in searches of equal length.
   *
   * @param prompted rounds of searches by the one
   * @param tuned rounds of as many searches by the two
   */
  void prompted(List<List<RoundCost>> prompted, List<List<RoundCost>> tuned) {
    double one = Statistics.median(prompted.stream().map(BenchReport::cached).toList());
    double two = Statistics.median(tuned.stream().map(BenchReport::cached).toList());
    print(
        "  one model under two sentences: scoring %.2f against the pair's %.2f, ratio %.2f, at most"
            + " %.2f (medians of %d searches)%n",
        one, two, one / two, MOST_PROMPTED, tuned.size());
  }

  /**
   * Cached and fresh scores are the same up to rounding.
   *
   * @throws CommandException if they are not, in float32
   */
  void sameScores(List<RoundCost> costs, GuidancePair pair) {
    double largest = costs.stream().mapToDouble(c -> c.scoring().difference()).max().orElse(0);
    print("  largest difference between cached and fresh scores: %.1e nats%n", largest);
    if (largest > TOLERANCE && pair.tuned().summary().type() == WeightType.FLOAT32) {
      throw new CommandException(
          String.format(
              Locale.ROOT,
              "cached and fresh scores differ by %.1e nats; they may by %.0e",
              largest,
              TOLERANCE));
    }
  }

  void targets(List<RoundCost> cached, List<RoundCost> afresh, PeakMemory peak) {
    print("%nTargets%n");
    List<RoundCost> part = prefix(afresh, SPEEDUP_TOKENS);
    double speedup = afresh(part) / cached(part);
    target(
        "afresh / cached, total at %d tokens, at least %.0f"
            .formatted(SPEEDUP_TOKENS, LEAST_SPEEDUP),
        reaches(afresh, SPEEDUP_TOKENS) ? speedup : Double.NaN,
        speedup >= LEAST_SPEEDUP);
    double growth = late(cached) / early(cached);
    target(
        "last %d rounds at %d tokens / rounds 2 to %d, at most %.2f"
            .formatted(COMPARED, GROWTH_TOKENS, COMPARED + 1, MOST_GROWTH),
        reaches(cached, GROWTH_TOKENS) ? growth : Double.NaN,
        growth <= MOST_GROWTH);
    target(
        "peak resident / before any model, weights and caches, at most %.2f".formatted(MOST_MEMORY),
        peak.measured() ? peak.ratio() : Double.NaN,
        peak.ratio() <= MOST_MEMORY);
  }

  /** Peak resident memory of the process so far; the Java heap counts, so -Xmx matters. */
  void memory(PeakMemory peak) {
    print(
        "  memory so far: peak %.0f MB; before any model %.0f MB, weights %.0f MB, caches about"
            + " %.0f MB; ratio %s%n",
        peak.resident() / 1e6,
        peak.base() / 1e6,
        peak.weights() / 1e6,
        peak.caches() / 1e6,
        number("%.2f", peak.measured() ? peak.ratio() : Double.NaN));
  }

  /** Seconds from the start of a command line to its first guided text. */
  void starts(List<Double> seconds) {
    double median = Statistics.median(seconds);
    print("%nStart of a command line, engine and models not yet in memory%n");
    target(
        "to the first guided text, median of %d, at most %.1f"
            .formatted(seconds.size(), MOST_START),
        median,
        median <= MOST_START);
  }

  private void target(String what, double value, boolean reached) {
    String verdict = reached ? "reached" : "missed";
    print(
        "  %-66s  %6s  %s%n",
        what, number("%.2f", value), Double.isNaN(value) ? "not measured" : verdict);
  }

  private static List<RoundCost> prefix(List<RoundCost> costs, int tokens) {
    // The round that reaches the number is part of it: chunks need not divide it.
    return costs.stream()
        .filter(cost -> cost.tokens() < tokens + ScoringBench.CHUNK_LENGTH)
        .toList();
  }

  private static boolean reaches(List<RoundCost> costs, int tokens) {
    return costs.get(costs.size() - 1).tokens() >= tokens;
  }

  private static double cached(List<RoundCost> costs) {
    return sum(costs, cost -> cost.scoring().cached());
  }

  private static double afresh(List<RoundCost> costs) {
    return sum(costs, cost -> cost.scoring().afresh());
  }

  private static double sum(List<RoundCost> costs, ToDoubleFunction<RoundCost> of) {
    return costs.stream().mapToDouble(of).sum();
  }

  private static double early(List<RoundCost> costs) {
    return mean(costs.subList(1, Math.min(COMPARED + 1, costs.size())));
  }

  private static double late(List<RoundCost> costs) {
    return mean(costs.subList(Math.max(0, costs.size() - COMPARED), costs.size()));
  }

  private static double mean(List<RoundCost> costs) {
    return cached(costs) / costs.size();
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  private void print(String format, Object... values) {
    out.print(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
