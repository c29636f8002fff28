// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.model.CausalModel;
import dev.w2s.model.Placement;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.WeightType;
import dev.w2s.prompt.Rendered;
import dev.w2s.sampling.LocalModelSampler;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that samples a batch whenever it is asked to and tells how fast: libgomp's settings
 * belong to the process, so two of them cannot be compared in one. It ends with whoever asks.
 */
final class SamplingProcess implements AutoCloseable {
  static final int ROWS = 16;
  static final int TOKENS = 10;
  private static final int WARM_UP = 1;

  private final Process process;
  private final BufferedReader answers;

  /** Starts a process with this one's class path and the options given; it warms up meanwhile. */
  SamplingProcess(String model, List<String> javaOptions) {
    process = OwnProcess.start(javaOptions, SamplingProcess.class, List.of(model));
    answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  /** Samples a batch; tokens per second. */
  double sample() {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new EOFException("it has ended");
      }
      return Double.parseDouble(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("process for sampling: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }

  /** The process: a line asks for a batch, the end of input for the end. */
  public static void main(String[] arguments) throws IOException {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try (CausalModel model =
        CausalModel.load(arguments[0], new Placement("cpu", WeightType.AUTO))) {
      for (int i = 0; i < WARM_UP; i++) {
        tokensPerSecond(model);
      }
      while (requests.readLine() != null) {
        System.out.println(tokensPerSecond(model));
      }
    }
  }

  private static double tokensPerSecond(CausalModel model) {
    SamplingParameters sampling = new SamplingParameters(0.7, 50, 1, List.of());
    try (LocalModelSampler sampler =
        LocalModelSampler.open(model, Rendered.raw("This movie was"), sampling, 1)) {
      long start = System.nanoTime();
      sampler.sample(List.of(new DrawRequest(Hypothesis.root(), ROWS, TOKENS)));
      double seconds = (System.nanoTime() - start) / 1e9;
      return sampler.tokenUsage().outputTokenCount() / seconds;
    }
  }
}
