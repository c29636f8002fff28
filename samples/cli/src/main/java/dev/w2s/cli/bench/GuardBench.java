// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.cli.demo.DemoModels;
import dev.w2s.cli.demo.DemoPrompts;
import dev.w2s.cli.demo.Statistics;
import dev.w2s.cli.io.Progress;
import dev.w2s.guidance.Guide;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.guard.TrustRegion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a guard leaves of a good pair's gain, and what it keeps of the base where the guide is
 * wrong: whole searches over the embedded base, under fixed seeds, each beside the unguided
 * response to the same prompt under the same seed.
 */
final class GuardBench {
  private static final SamplingParameters SAMPLING = new SamplingParameters(0.7, 50, 1, List.of());

  /** Of a normal distribution, either side. */
  private static final double NINETY_FIVE = 1.96;

  private static final double LEAST_KEPT = 0.8;
  private static final double MOST_REWARD_LOST = 0.3;
  private static final double MOST_DISTINCT_LOST = 0.05;
  private static final double MOST_NATS_GAINED = 0.1;

  /** One guide under one kind of search. */
  private record Case(String name, SearchSettings settings, Guide guide) {
    Case(String name, Guide guide) {
      this(name, SearchSettings.chunkBeam(4, 4, 5), guide);
    }
  }

  private final PrintWriter out;
  private final PrintWriter err;
  private final Size size;
  private final TrustRegion guard;

  /**
   * How much is measured of each case.
   *
   * @param prompts how many of the demo's prompts
   * @param seeds how many searches of each
   * @param tokens most tokens of a response
   */
  record Size(int prompts, int seeds, int tokens) {}

  /**
   * @param guard to be measured
   */
  GuardBench(PrintWriter out, PrintWriter err, Size size, TrustRegion guard) {
    this.out = out;
    this.err = err;
    this.size = size;
    this.guard = guard;
  }

  void run() {
    try (DemoModels models = DemoModels.load(Placement.AUTO, DemoModels.Cast.EMBEDDED)) {
      List<Case> cases = cases(models);
      print(
          "Guard: %d prompts, %d seeds, up to %d tokens%n",
          size.prompts(), size.seeds(), size.tokens());
      print("  %s%n%n", guard);
      print(
          "  %-22s %-6s %7s  %-22s %10s %8s %6s%n",
          "guide", "guard", "reward", "gain over base [95 %]", "distinct-2", "nats/tok", "ended");
      Case plain = new Case("base", SearchSettings.plainSampling(), models.pair());
      List<Sample> base = measure(plain, Guard.none(), models);
      line("none (the base)", "", base, base);
      // What of a difference is chance alone.
      List<Sample> control = measure(plain, Guard.none(), models, 1 + size.seeds());
      line("none, other seeds", "", control, base);
      harm(control, base);
      double free = 0;
      for (Case each : cases) {
        List<Sample> without = measure(each, Guard.none(), models);
        line(each.name(), "no", without, base);
        List<Sample> with = measure(each, guard, models);
        line(each.name(), "yes", with, base);
        if (each.guide() == models.pair() && free == 0) {
          free = gain(without, base).mean();
          kept(gain(with, base).mean() / free);
        } else {
          harm(with, base);
        }
      }
    }
  }

  private static List<Case> cases(DemoModels models) {
    return List.of(
        new Case("the pair", models.pair()),
        new Case("the pair, W,K,L=8,8,1", SearchSettings.chunkBeam(8, 8, 1), models.pair()),
        new Case("two sentences", models.prompted()),
        new Case("pays for repetition", WrongGuides.repeating()),
        new Case("pays for ending", WrongGuides.endingAtOnce()),
        new Case("seeded noise", WrongGuides.noise(1)),
        new Case("collapsed pair", WrongGuides.collapsed(models.pair().untuned())));
  }

  private List<Sample> measure(Case each, Guard guard, DemoModels models) {
    return measure(each, guard, models, 1);
  }

  private List<Sample> measure(Case each, Guard guard, DemoModels models, int firstSeed) {
    List<Sample> samples = new ArrayList<>();
    SearchSettings settings = each.settings().withMaxTokens(size.tokens()).withGuard(guard);
    try (Progress progress = Progress.onTerminal(err, each.name(), size.seeds() * size.prompts())) {
      for (long seed = firstSeed; seed < firstSeed + size.seeds(); seed++) {
        for (String prompt : DemoPrompts.all().subList(0, size.prompts())) {
          long start = System.nanoTime();
          SearchResult result =
              WeakToStrongLanguageModel.builder()
                  .delegate(new LocalLanguageModel(models.base(), SAMPLING, size.tokens(), seed))
                  .guide("guide", each.guide(), 1)
                  .settings(settings)
                  .build()
                  .search(prompt);
          double seconds = (System.nanoTime() - start) / 1e9;
          samples.add(
              Sample.of(prompt, result.best().candidate(), models.base(), models.judge(), seconds));
          progress.step();
        }
      }
    }
    return samples;
  }

  private void line(String name, String guarded, List<Sample> samples, List<Sample> base) {
    Statistics gain = gain(samples, base);
    print(
        "  %-22s %-6s %+7.2f  %-22s %10.3f %8.3f %4.0f %%%n",
        name,
        guarded,
        mean(samples, Sample::reward),
        samples == base
            ? ""
            : "%+.2f [%+.2f, %+.2f]".formatted(gain.mean(), low(gain), 2 * gain.mean() - low(gain)),
        mean(samples, Sample::distinct2),
        natsAToken(samples),
        100 * mean(samples, sample -> sample.ended() ? 1 : 0));
  }

  private void kept(double share) {
    print(
        "    keeps %.0f %% of the gain: %s%n",
        100 * share, share >= LEAST_KEPT ? "enough" : "too little");
  }

  private void harm(List<Sample> samples, List<Sample> base) {
    List<String> harms = new ArrayList<>();
    if (low(gain(samples, base)) < -MOST_REWARD_LOST) {
      harms.add("reward");
    }
    if (mean(samples, Sample::distinct2) < mean(base, Sample::distinct2) - MOST_DISTINCT_LOST) {
      harms.add("distinct-2");
    }
    if (natsAToken(samples) > natsAToken(base) + MOST_NATS_GAINED) {
      harms.add("nats a token");
    }
    print("    harm: %s%n", harms.isEmpty() ? "none" : String.join(", ", harms));
  }

  /** Paired: both had the same prompt and seed. */
  private static Statistics gain(List<Sample> samples, List<Sample> base) {
    return Statistics.of(
        IntStream.range(0, samples.size())
            .mapToObj(i -> samples.get(i).reward() - base.get(i).reward())
            .toList());
  }

  private static double low(Statistics gain) {
    return gain.mean() - NINETY_FIVE * gain.standardError();
  }

  private static double mean(List<Sample> samples, ToDoubleFunction<Sample> of) {
    return samples.stream().mapToDouble(of).average().orElseThrow();
  }

  private static double natsAToken(List<Sample> samples) {
    return mean(samples, Sample::nats) / mean(samples, Sample::tokens);
  }

  private void print(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
    out.flush();
  }
}
