// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.doctor;

import dev.w2s.cli.demo.DemoPrompts;
import dev.w2s.cli.demo.Statistics;
import dev.w2s.model.CausalModel;
import dev.w2s.model.GenerationSession;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.WeightType;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What each type of weights costs, saves and errs.
 *
 * @param model reference of a language model
 * @param device where
 * @param out where the table goes, row by row
 */
record TypeTable(String model, String device, PrintWriter out) {
  private static final int TEXTS = 16;
  private static final int TOKENS = 32;
  private static final int STEPS = 10;
  private static final int TURNS = 5;

  /** Types, with the most that a token's log-probability may be off by in the mean, nats. */
  private enum Limit {
    FLOAT32(1e-4),
    BFLOAT16(0.1),
    FLOAT16(0.02),
    INT8(0.2),
    INT4(1);

    private final double nats;

    Limit(double nats) {
      this.nats = nats;
    }

    WeightType type() {
      return WeightType.valueOf(name());
    }
  }

  /** Checks one type after the other. */
  void check(Consumer<Finding> report) {
    out.printf("types   of %s, against float32:%n", model);
    out.println("        type      load s      MB   ms/16x32   ms/step   error, nats a token");
    out.flush();
    List<double[]> exact = new ArrayList<>();
    for (Limit limit : Limit.values()) {
      report.accept(check(limit, exact));
    }
  }

  private Finding check(Limit limit, List<double[]> exact) {
    long start = System.nanoTime();
    try (CausalModel loaded = CausalModel.load(model, new Placement(device, limit.type()))) {
      double load = (System.nanoTime() - start) / 1e9;
      List<TokenIds> texts = texts(loaded);
      if (exact.isEmpty()) { // float32 itself is compared with its texts one by one
        texts.forEach(text -> exact.addAll(loaded.logProbabilities(List.of(text))));
      }
      List<double[]> nats = loaded.logProbabilities(texts);
      double error = meanError(nats, exact);
      String row =
          String.format(
              Locale.ROOT,
              "%-9s %6.2f %7.0f %10.1f %9.1f   %.5f, at most %s",
              limit.type(),
              load,
              loaded.summary().bytes() / 1e6,
              median(() -> loaded.logProbabilities(texts)),
              median(() -> draw(loaded)) / STEPS,
              error,
              limit.nats);
      return new Finding("", row, error <= limit.nats);
    }
  }

  /** Pieces of the demo's prompts, one after the other. */
  private static List<TokenIds> texts(CausalModel model) {
    TokenIds all = model.tokenizer().encode(String.join(" ", DemoPrompts.all()), false);
    return IntStream.range(0, TEXTS).mapToObj(i -> all.part(i * TOKENS, (i + 1) * TOKENS)).toList();
  }

  private static void draw(CausalModel model) {
    try (GenerationSession session =
        model.openGeneration(Rendered.raw("This movie was"), SamplingParameters.DEFAULT, 1)) {
      session.extend(List.of(new Extension(session.start(), TEXTS, STEPS)));
    }
  }

  private static double meanError(List<double[]> nats, List<double[]> exact) {
    return IntStream.range(0, nats.size())
        .boxed()
        .flatMapToDouble(
            text ->
                IntStream.range(1, TOKENS)
                    .mapToDouble(i -> Math.abs(nats.get(text)[i] - exact.get(text)[i])))
        .average()
        .orElseThrow();
  }

  /** Milliseconds, after a first call that does not count. */
  private static double median(Runnable call) {
    call.run();
    List<Double> times = new ArrayList<>();
    for (int turn = 0; turn < TURNS; turn++) {
      long start = System.nanoTime();
      call.run();
      times.add((System.nanoTime() - start) / 1e6);
    }
    return Statistics.median(times);
  }
}
