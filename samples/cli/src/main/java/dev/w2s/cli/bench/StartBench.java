// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.w2s.cli.demo.DemoModels;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long one waits for the first guided text of a command that is typed: a process starts, with
 * no option for the virtual machine, reads three models and searches for a few tokens.
 */
final class StartBench {
  private static final List<String> GENERATE =
      List.of(
          "generate",
          "--base=" + DemoModels.BASE,
          "--tuned=" + DemoModels.TUNED,
          "--untuned=" + DemoModels.UNTUNED,
          "--prompt=This movie was",
          "--max-tokens=5",
          "--seed=1");

  private StartBench() {}

  /**
   * Seconds of so many starts, one after the other; files are in the system's cache by then.
   *
   * @param program the command line's main class
   */
  static List<Double> run(Class<?> program, int times) {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      seconds.add(start(program));
    }
    return seconds;
  }

  private static double start(Class<?> program) {
    long start = System.nanoTime();
    Process process = OwnProcess.start(List.of(), program, GENERATE);
    try (BufferedReader text = process.inputReader(UTF_8)) {
      if (text.readLine() == null) {
        throw new EOFException("it has ended without a text");
      }
      return (System.nanoTime() - start) / 1e9;
    } catch (IOException e) {
      throw new UncheckedIOException("process that generates: " + e.getMessage(), e);
    } finally {
      process.destroy();
    }
  }
}
