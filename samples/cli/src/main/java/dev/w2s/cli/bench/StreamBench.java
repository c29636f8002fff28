// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.cli.demo.DemoModels;
import dev.w2s.cli.demo.DemoPrompts;
import dev.w2s.cli.demo.Statistics;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.search.AgreedText;
import dev.w2s.search.Cancellation;
import dev.w2s.search.ChunkBeam;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far the text of a stream is behind the head of the beam, and what a commit lag costs: over
 * the embedded models, under fixed seeds, so that two runs print the same.
 */
final class StreamBench {
  private static final SamplingParameters SAMPLING = new SamplingParameters(0.7, 50, 1, List.of());
  private static final List<int[]> BEAMS =
      List.of(
          new int[] {4, 4, 5},
          new int[] {4, 4, 10},
          new int[] {2, 8, 5},
          new int[] {8, 2, 5},
          new int[] {2, 2, 30});
  private static final List<Integer> LAGS = List.of(SearchSettings.UNLIMITED, 20, 10, 0);

  private final PrintWriter out;
  private final int prompts;
  private final int tokens;

  /**
   * @param prompts how many of the demo's prompts
   * @param tokens of each response
   */
  StreamBench(PrintWriter out, int prompts, int tokens) {
    this.out = out;
    this.prompts = prompts;
    this.tokens = tokens;
  }

  void run() {
    print("Streaming: %d prompts, up to %d tokens, means%n", prompts, tokens);
    print("  %-10s %6s %12s %14s %12s%n", "W,K,L", "lag", "first text", "tokens behind", "score");
    try (CausalModel base = CausalModel.load(DemoModels.BASE);
        GuidancePair pair = GuidancePair.load(DemoModels.TUNED, DemoModels.UNTUNED)) {
      for (int[] beam : BEAMS) {
        for (int lag : LAGS) {
          line(base, pair, new ChunkBeam(beam[0], beam[1], beam[2], lag));
        }
      }
    }
  }

  private void line(CausalModel base, GuidancePair pair, ChunkBeam beam) {
    List<Double> first = new ArrayList<>();
    List<Double> behind = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    for (String prompt : DemoPrompts.all().subList(0, prompts)) {
      Lag lag = new Lag(base);
      scores.add(
          WeakToStrongLanguageModel.builder()
              .delegate(new LocalLanguageModel(base, SAMPLING, tokens, 1L))
              .pair(pair)
              .settings(SearchSettings.of(beam).withMaxTokens(tokens))
              .build()
              .search(prompt, lag, new Cancellation())
              .best()
              .score());
      first.add(lag.first());
      behind.addAll(lag.behind);
    }
    print(
        "  %-10s %6s %12.1f %14.1f %+12.2f%n",
        "%d,%d,%d".formatted(beam.beamWidth(), beam.successors(), beam.chunkLength()),
        beam.commitLag() == SearchSettings.UNLIMITED ? "never" : beam.commitLag(),
        Statistics.of(first).mean(),
        Statistics.of(behind).mean(),
        Statistics.of(scores).mean());
  }

  private void print(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
    out.flush();
  }

  /** Measures, after each round, the head of the beam and what is agreed, in tokens. */
  private static final class Lag implements SearchListener {
    private final CausalModel model;
    private final AgreedText agreed = new AgreedText();
    private final StringBuilder sent = new StringBuilder();
    private final List<Double> behind = new ArrayList<>();
    private int first;
    private int head;

    Lag(CausalModel model) {
      this.model = model;
    }

    @Override
    public void onRound(Round round) {
      head = round.kept().get(0).candidate().tokens();
      sent.append(agreed.next(round.kept()));
      int tokens = sent.isEmpty() ? 0 : model.tokenizer().countTokens(sent.toString());
      if (first == 0 && tokens > 0) {
        first = head;
      }
      behind.add((double) Math.max(0, head - tokens));
    }

    /** Tokens of the head when the first text came; all of them if it came at the end. */
    double first() {
      return first == 0 ? head : first;
    }
  }
}
