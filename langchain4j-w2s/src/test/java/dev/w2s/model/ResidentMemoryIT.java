// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process's resident memory, as Linux counts it, does not grow with what was opened and closed.
 * Each test would take far more than the bound if it left one weight or cache a round.
 */
class ResidentMemoryIT {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /** Room for the heap (which touches pages as it goes) and for malloc's arenas. */
  private static final long MOST_GROWTH = 150L << 20;

  @BeforeEach
  void needsLinux() {
    assumeTrue(Files.isReadable(STATUS), () -> "skipped: this system has no " + STATUS);
  }

  private static long residentBytes() throws IOException {
    System.gc();
    Matcher resident = RESIDENT.matcher(Files.readString(STATUS));
    assertThat(resident.find()).isTrue();
    return Long.parseLong(resident.group(1)) << 10;
  }

  private static void assertNoGrowth(int warmUp, int rounds, Runnable round) throws IOException {
    for (int i = 0; i < warmUp; i++) {
      round.run();
    }
    long before = residentBytes();
    for (int i = 0; i < rounds; i++) {
      round.run();
    }
    assertThat(residentBytes() - before).as("bytes of growth").isLessThan(MOST_GROWTH);
  }

  /** A cache of the base model for 300 tokens takes more than 2 MB: over 200 MB in all. */
  @Test
  void sessions() throws IOException {
    List<Response> responses = List.of(new Response(" and it was the best".repeat(60), true));
    try (CausalModel model = Golden.model("base")) {
      assertNoGrowth(
          20,
          100,
          () -> {
            try (ScoringSession session = model.openScoring(Rendered.raw("This movie was"));
                GenerationSession generation =
                    model.openGeneration(
                        Rendered.raw("This movie was"), SamplingParameters.DEFAULT, 1)) {
              session.score(responses);
              generation.extend(List.of(new Extension(generation.start(), 2, 2)));
            }
          });
      assertThat(model.liveTensors()).isZero();
    }
  }

  /** Weights of 7 MB in the file's type and 14 MB in float32: over 500 MB in all. */
  @Test
  void models() throws IOException {
    assertNoGrowth(10, 40, () -> Golden.model("tuned").close());
  }

  /** The last tensor but a few is broken, so nearly all is allocated when the load fails. */
  @Test
  void failedLoads(@TempDir Path directory) throws IOException {
    Path source = ModelReference.parse(Golden.reference("tuned")).resolve();
    for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(source.resolve(name), directory.resolve(name));
    }
    byte[] weights = Files.readAllBytes(source.resolve("model.safetensors"));
    for (int i = weights.length - 2000; i < weights.length; i++) {
      weights[i] = (byte) 0xFF; // not a number in every type
    }
    Files.write(directory.resolve("model.safetensors"), weights);
    assertNoGrowth(
        10,
        40,
        () ->
            assertThatThrownBy(() -> CausalModel.load(directory.toString(), Golden.CPU_FLOAT32))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("not finite"));
  }
}
