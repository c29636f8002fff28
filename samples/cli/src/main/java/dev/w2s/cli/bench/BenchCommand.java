// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.cli.demo.DemoModels;
import dev.w2s.cli.demo.DemoPrompts;
import dev.w2s.cli.options.GuardOption;
import dev.w2s.cli.options.PlacementOptions;
import dev.w2s.cli.options.ServerOptions;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.model.CausalModel;
import dev.w2s.model.ModelReference;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import dev.w2s.sampling.LocalModelSampler;
import dev.w2s.search.CandidateSampler;
import dev.w2s.search.guard.TrustRegion;
import dev.w2s.server.JdkTransport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpClient.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code w2s bench}: what the pair costs, with the cache that is kept from round to round and with
 * everything scored afresh, on the same candidates in the same run; and how long a start takes.
 */
@Command(
    name = "bench",
    description = {
      "Measure the cost of scoring, with the cache and afresh, and how long a command line takes to"
          + " its first text.",
      "",
      "Afresh means every candidate's whole text on its own, prompt included, as published code for"
          + " this search does; shared means a new session each round, within which candidates share"
          + " their beginnings (measured in the rows that are shown).",
      "",
      "With --guard: measure instead what such a guard leaves of a good pair's gain, and what it"
          + " keeps of the base where the guide is wrong; takes an hour.",
      "",
      "With --base-url: measure instead what a search over a server takes beyond the server itself.",
      ""
    })
public final class BenchCommand implements Runnable {
  private static final String PROMPT = "This movie was";
  private static final long SEED = 1;
  private static final int LONG_TEXT = 512;
  private static final int AFRESH_AT_MOST = 256;
  private static final int WARM_UP = 10;
  private static final int PROMPTED_TOKENS = 128;
  private static final int PROMPTED_SEARCHES = 5;
  private static final int STARTS = 3;
  private static final int STREAM_PROMPTS = 8;
  private static final int STREAM_TOKENS = 100;
  private static final int GUARD_TOKENS = 50;
  private static final int SERVER_TOKENS = 50;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(
      names = "--large",
      description =
          "Also measure a randomly initialised GPT-2 pair of 124 M parameters; takes minutes and"
              + " 500 MB of temporary files.")
  private boolean large;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "512",
      description =
          "Most tokens of a response; afresh, and on the embedded pair," + " at most 256.")
  private int tokens;

  @Option(
      names = "--threads",
      description =
          "Measure instead what the threads gain, with the cores free and with all but one of them"
              + " busy; with --large, also on a GPT-2 of 124 M parameters.")
  private boolean threads;

  @Option(
      names = "--streaming",
      description =
          "Measure instead how far a stream is behind the head of the beam, for several W, K, L and"
              + " commit lags.")
  private boolean streaming;

  @Option(
      names = "--prompts",
      paramLabel = "N",
      defaultValue = "100",
      description = "With --guard: prompts, from 1 to 300.")
  private int prompts;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "With --guard: searches of each prompt, at least 1.")
  private int seeds;

  @Mixin private GuardOption guard;

  @Mixin private ServerOptions server;

  @Mixin private PlacementOptions placement;

  @Override
  public void run() {
    if (tokens < WARM_UP || tokens > LONG_TEXT) {
      throw new ParameterException(
          spec.commandLine(),
          "--tokens is %d; it must be from %d to %d".formatted(tokens, WARM_UP, LONG_TEXT));
    }
    server.check();
    Placement where = placement.placement();
    PrintWriter out = spec.commandLine().getOut();
    if (threads) {
      threads(out);
      return;
    }
    if (streaming) {
      new StreamBench(out, STREAM_PROMPTS, Math.min(tokens, STREAM_TOKENS)).run();
      return;
    }
    if (server.isGiven()) {
      server(out);
      return;
    }
    TrustRegion region = guard.guard();
    if (region != null) {
      guard(region, out);
      return;
    }
    BenchReport report = new BenchReport(out);
    report.start();
    // The large pair comes first, so that its memory is measured in a fresh process.
    if (large) {
      large(where, report);
    }
    embedded(where, report);
    report.starts(StartBench.run(spec.root().userObject().getClass(), STARTS));
    if (!large) {
      report.hint();
    }
  }

  private void threads(PrintWriter out) {
    int processors = Runtime.getRuntime().availableProcessors();
    new ThreadBench(DemoModels.BASE, processors, 0.9, out).run();
    if (large) {
      try (RandomGpt2 model = RandomGpt2.write(RandomGpt2.Shape.SMALL, SEED, tokenizer())) {
        new ThreadBench(model.directory().toString(), processors, 1.3, out).run();
      } catch (IOException e) {
        throw new UncheckedIOException("temporary model: " + e.getMessage(), e);
      }
    }
  }

  private void server(PrintWriter out) {
    RecordingTransport transport =
        new RecordingTransport(new JdkTransport(Version.HTTP_1_1, CONNECT_TIMEOUT));
    try (ServerOptions.Opened opened = server.open(PromptOptions.defaults(), transport)) {
      new ServerBench(opened.model(), transport, Math.min(tokens, SERVER_TOKENS))
          .run(out, spec.commandLine().getErr());
    }
  }

  private void guard(TrustRegion region, PrintWriter out) {
    int most = DemoPrompts.all().size();
    if (prompts < 1 || prompts > most) {
      throw new ParameterException(
          spec.commandLine(), "--prompts is %d; it must be from 1 to %d".formatted(prompts, most));
    }
    if (seeds < 1 || seeds * prompts < 2) {
      throw new ParameterException(
          spec.commandLine(),
          "--seeds is %d; of %d prompts it must make at least 2 searches"
              .formatted(seeds, prompts));
    }
    GuardBench.Size size = new GuardBench.Size(prompts, seeds, GUARD_TOKENS);
    new GuardBench(out, spec.commandLine().getErr(), size, region).run();
  }

  private void embedded(Placement where, BenchReport report) {
    int length = Math.min(tokens, AFRESH_AT_MOST);
    try (CausalModel base = CausalModel.load(DemoModels.BASE, where);
        GuidancePair pair =
            GuidancePair.load(DemoModels.TUNED, DemoModels.UNTUNED, where, PromptFormat.raw())) {
      report.pair("Embedded pair", pair, "candidates of " + DemoModels.BASE + ", which never ends");
      try (CandidateSampler warmUp = sampler(base)) {
        bench(pair, "warming up").run(warmUp, WARM_UP, /* afresh= */ true);
      }
      try (CandidateSampler sampler = sampler(base)) {
        List<RoundCost> costs = bench(pair, "embedded").run(sampler, length, /* afresh= */ true);
        report.rounds(costs);
        report.totals(costs, 64, AFRESH_AT_MOST);
        report.sameScores(costs, pair);
      }
      prompted(pair, () -> sampler(base), report);
    }
  }

  /** The two sorts of pairs take turns, since machines are noisy. */
  private void prompted(
      GuidancePair pair, Supplier<CandidateSampler> samplers, BenchReport report) {
    List<List<RoundCost>> one = new ArrayList<>();
    List<List<RoundCost>> two = new ArrayList<>();
    int length = Math.min(tokens, PROMPTED_TOKENS);
    try (GuidancePair prompted =
        GuidancePair.prompted(pair.untuned(), DemoModels.WANTED, DemoModels.OPPOSITE)) {
      for (int i = 0; i < PROMPTED_SEARCHES; i++) {
        try (CandidateSampler first = samplers.get();
            CandidateSampler second = samplers.get()) {
          one.add(bench(prompted, "prompted").run(first, length, /* afresh= */ false));
          two.add(bench(pair, "tuned").run(second, length, /* afresh= */ false));
        }
      }
    }
    report.prompted(one, two);
  }

  private static CandidateSampler sampler(CausalModel base) {
    SamplingParameters sampling = new SamplingParameters(0.7, 50, 1, List.of());
    return new NeverEnding(LocalModelSampler.open(base, Rendered.raw(PROMPT), sampling, SEED));
  }

  private void large(Placement where, BenchReport report) {
    long base = residentWithEngine(where);
    try (GuidancePair pair = largePair(where)) {
      report.pair("Large pair", pair, "candidates of random words, one token each");
      RandomWords words = RandomWords.of(pair.tokenizer(), SEED);
      bench(pair, "warming up").run(words, WARM_UP, /* afresh= */ false);
      System.gc(); // what the loading left is neither the search's memory nor its time
      List<RoundCost> cached = bench(pair, "cached").run(words, tokens, /* afresh= */ false);
      report.rounds(cached);
      report.totals(cached, 64, 256, LONG_TEXT);
      PeakMemory peak = PeakMemory.measure(base, pair, PROMPT, tokens);
      report.memory(peak);
      List<RoundCost> afresh =
          bench(pair, "cached and afresh")
              .run(words, Math.min(tokens, AFRESH_AT_MOST), /* afresh= */ true);
      report.rounds(afresh);
      report.totals(afresh, 64, AFRESH_AT_MOST);
      report.sameScores(afresh, pair);
      prompted(pair, () -> RandomWords.of(pair.tokenizer(), SEED), report);
      report.targets(cached, afresh, peak);
    }
  }

  /**
   * The engine starts with the first model; the smallest there is leaves next to nothing behind.
   */
  private static long residentWithEngine(Placement where) {
    try (CausalModel model = CausalModel.load(DemoModels.UNTUNED, where)) {
      model.tokenizer();
    }
    System.gc();
    return PeakMemory.residentNow();
  }

  /** The files are gone once the weights are in memory. */
  private static GuidancePair largePair(Placement where) {
    try (RandomGpt2 tuned = RandomGpt2.write(RandomGpt2.Shape.SMALL, SEED, tokenizer());
        RandomGpt2 untuned = RandomGpt2.write(RandomGpt2.Shape.SMALL, SEED + 1, tokenizer())) {
      return GuidancePair.load(
          tuned.directory().toString(), untuned.directory().toString(), where, PromptFormat.raw());
    } catch (IOException e) {
      throw new UncheckedIOException("temporary model: " + e.getMessage(), e);
    }
  }

  private static Path tokenizer() {
    return ModelReference.parse(DemoModels.UNTUNED).resolve();
  }

  private ScoringBench bench(GuidancePair pair, String label) {
    return new ScoringBench(pair, PROMPT, spec.commandLine().getErr(), label);
  }
}
