// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.cli.demo.DemoModels;
import dev.w2s.cli.demo.DemoPrompts;
import dev.w2s.cli.demo.Statistics;
import dev.w2s.cli.io.Progress;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.OpenAiCompatible;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Round;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a search over a server takes beyond the server itself: each search is beside its own
 * requests, sent again by the same client with nothing around them. The first search of each prompt
 * does not count, so that the server's caches are warm for both.
 *
 * @param model behind the server
 * @param transport by which it sends
 * @param tokens most of a response
 */
record ServerBench(OpenAiCompatible model, RecordingTransport transport, int tokens) {
  private static final int PROMPTS = 8;
  private static final double MOST = 1.1;

  /** One search, in seconds, beside its requests alone. */
  private record Line(int rounds, int requests, double search, double scoring, double bare) {
    double ratio() {
      return search / bare;
    }

    double withoutScoring() {
      return (search - scoring) / bare;
    }
  }

  void run(PrintWriter out, PrintWriter err) {
    try (GuidancePair pair = GuidancePair.load(DemoModels.TUNED, DemoModels.UNTUNED)) {
      List<Line> lines = lines(pair, err);
      print(
          out,
          "Server: %s, W,K,L = 4,4,5, %d prompts, up to %d tokens%n%n  %7s %9s %9s %9s %9s %8s %12s%n",
          model,
          PROMPTS,
          tokens,
          "rounds",
          "requests",
          "search s",
          "scoring s",
          "bare s",
          "ratio",
          "less scoring");
      lines.forEach(
          line ->
              print(
                  out,
                  "  %7d %9d %9.2f %9.2f %9.2f %8.2f %12.2f%n",
                  line.rounds(),
                  line.requests(),
                  line.search(),
                  line.scoring(),
                  line.bare(),
                  line.ratio(),
                  line.withoutScoring()));
      double median = Statistics.median(lines.stream().map(Line::withoutScoring).toList());
      print(
          out,
          "%n  median: %.2f times a bare client that asks for the same chunks, scoring left out;"
              + " target %.1f: %s%n",
          median,
          MOST,
          median <= MOST ? "reached" : "missed");
    }
  }

  private List<Line> lines(GuidancePair pair, PrintWriter err) {
    List<Line> lines = new ArrayList<>();
    try (Progress progress = Progress.onTerminal(err, "searches", PROMPTS)) {
      for (int i = 0; i < PROMPTS; i++) {
        lines.add(measure(pair, Prompt.of(DemoPrompts.all().get(i)), i));
        progress.step();
      }
    }
    return lines;
  }

  private Line measure(GuidancePair pair, Prompt prompt, long seed) {
    search(pair, prompt, seed, SearchListener.none());
    transport.forget();
    double[] scoring = new double[1];
    long start = System.nanoTime();
    SearchResult result =
        search(pair, prompt, seed, (Round round) -> scoring[0] += round.scoring().toNanos() / 1e9);
    double seconds = (System.nanoTime() - start) / 1e9;
    int requests = transport.requests();
    return new Line(result.rounds(), requests, seconds, scoring[0], transport.replay());
  }

  private SearchResult search(
      GuidancePair pair, Prompt prompt, long seed, SearchListener listener) {
    return WeakToStrongLanguageModel.builder()
        .largeModel(model)
        .pair(pair)
        .maxTokens(tokens)
        .seed(seed)
        .build()
        .search(prompt, listener, new Cancellation());
  }

  private static void print(PrintWriter out, String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
    out.flush();
  }
}
