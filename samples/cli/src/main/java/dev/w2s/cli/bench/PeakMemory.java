// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.model.ModelSummary;
import dev.w2s.model.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The process's peak of resident memory so far, and what of it is needed.
 *
 * @param resident bytes; 0 where the system does not tell
 * @param base bytes that were resident before any model, with the engine started
 * @param weights bytes of the pair's weights
 * @param caches bytes of the pair's keys and values, reckoned
 */
public record PeakMemory(long resident, long base, long weights, long caches) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final String NOW = "VmRSS:";

  /**
   * Reads the peak.
   *
   * @param base what {@link #residentNow()} told before any model
   * @param tokens of the longest response
   */
  static PeakMemory measure(long base, GuidancePair pair, String prompt, int tokens) {
    int candidates = ScoringBench.BEAM_WIDTH * ScoringBench.SUCCESSORS * ScoringBench.CHUNK_LENGTH;
    // The BOS token, the prompt, the longest text, and the new tokens of a round's candidates.
    long slots = 1L + pair.tokenizer().countTokens(prompt) + tokens + candidates;
    long weights = 0;
    long caches = 0;
    for (ModelSummary model : List.of(pair.tuned().summary(), pair.untuned().summary())) {
      weights += model.bytes();
      int bytesOfOne = model.type() == WeightType.FLOAT32 ? 4 : 2;
      caches += 2L * model.layers() * model.width() * bytesOfOne * slots;
    }
    return new PeakMemory(status(PEAK), base, weights, caches);
  }

  boolean measured() {
    return resident > 0;
  }

  double ratio() {
    return resident / (double) (base + weights + caches);
  }

  /** Bytes that are resident now; 0 where the system does not tell. */
  public static long residentNow() {
    return status(NOW);
  }

  private static long status(String key) {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // not Linux
    }
  }
}
