// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.cli.demo.Statistics;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * Sampling with one thread, with the default settings and with all threads as libgomp comes, in
 * turns: first with the cores free, then beside threads that keep all cores but one busy.
 *
 * @param model reference of the model that samples
 * @param processors of the machine
 * @param leastFree the default's speed over that of one thread, at least, with the cores free
 * @param out where the table goes
 */
record ThreadBench(String model, int processors, double leastFree, PrintWriter out) {
  private static final int TURNS = 5;
  private static final String THREADS = "-Dai.djl.pytorch.num_threads=";
  private static final double LEAST_BUSY = 0.5;

  void run() {
    print(
        "%nThreads: %d x %d tokens sampled from %s, tokens/s, medians of %d turns%n",
        SamplingProcess.ROWS, SamplingProcess.TOKENS, model, TURNS);
    try (SamplingProcess one = new SamplingProcess(model, List.of(THREADS + 1));
        SamplingProcess byDefault = new SamplingProcess(model, List.of());
        SamplingProcess spinning = new SamplingProcess(model, List.of(THREADS + processors))) {
      List<SamplingProcess> all = List.of(one, byDefault, spinning);
      turns(all, 1); // all are up and warm
      print("  %-12s %10s %10s %14s%n", "", "one thread", "default", "all, spinning");
      double free = line("cores free", turns(all, TURNS));
      double busy = besideBusyThreads(() -> line("cores busy", turns(all, TURNS)));
      target("cores free", free, leastFree);
      target("cores busy", busy, LEAST_BUSY);
    }
  }

  /** Medians of tokens per second, in the order of the processes, which take turns. */
  private static List<Double> turns(List<SamplingProcess> processes, int turns) {
    List<List<Double>> speeds =
        Stream.<List<Double>>generate(ArrayList::new).limit(processes.size()).toList();
    for (int turn = 0; turn < turns; turn++) {
      for (int i = 0; i < processes.size(); i++) {
        speeds.get(i).add(processes.get(i).sample());
      }
    }
    return speeds.stream().map(Statistics::median).toList();
  }

  /** Measures while a thread for each processor but one does nothing but run. */
  private double besideBusyThreads(DoubleSupplier measurement) {
    AtomicBoolean measuring = new AtomicBoolean(true);
    for (int i = 1; i < processors; i++) {
      Thread busy =
          new Thread(
              () -> {
                while (measuring.get()) {
                  Thread.onSpinWait();
                }
              });
      busy.setDaemon(true);
      busy.start();
    }
    try {
      return measurement.getAsDouble();
    } finally {
      measuring.set(false);
    }
  }

  /** Prints a line; the default's speed over that of one thread. */
  private double line(String title, List<Double> speeds) {
    print("  %-12s %10.0f %10.0f %14.0f%n", title, speeds.get(0), speeds.get(1), speeds.get(2));
    return speeds.get(1) / speeds.get(0);
  }

  private void target(String when, double ratio, double least) {
    print(
        "  default / one thread, %s, at least %.1f: %.2f  %s%n",
        when, least, ratio, ratio >= least ? "reached" : "missed");
  }

  private void print(String format, Object... values) {
    out.print(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
