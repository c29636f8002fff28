// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.OpenNatives;
import dev.w2s.model.Placement;
import dev.w2s.model.PositionLimitException;
import dev.w2s.model.SamplingParameters;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/**
 * Native memory over six hundred searches, some of them failing, cancelled or refused: every cache
 * is counted after every search, and resident memory is a second witness. Each of a search's three
 * caches takes at least 0.4 MiB (64 slots of 2 x 4 layers x 192 floats, and a hidden state), so six
 * hundred of even one of them would show as more than 240 MiB. The bound leaves room for the Java
 * heap, which counts as resident too and fills its pages as it goes. MemorySoak makes searches by
 * the thousand.
 */
class NativeMemoryIT {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int WARM_UP = 200;
  private static final int SEARCHES = 600;
  private static final long ALLOWED_MIB = 220;

  @Test
  void searchesLeaveNothingBehind() throws IOException {
    assumeTrue(
        Files.exists(STATUS), "skipped: resident memory is read from " + STATUS + ", Linux only");
    try (CausalModel base = CausalModel.load("embedded:movie-reviews/untuned");
        GuidancePair pair =
            GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned")) {
      search(base, pair, WARM_UP);
      long before = residentMib();
      search(base, pair, SEARCHES);
      long grown = residentMib() - before;
      System.out.printf("resident memory grew by %d MiB over %d searches%n", grown, SEARCHES);
      assertThat(grown).as("MiB, over %d searches", SEARCHES).isLessThan(ALLOWED_MIB);
      assertThat(OpenNatives.on(Placement.AUTO).cachesSoFar())
          .as("nine searches of ten run three sessions")
          .isGreaterThan(2 * SEARCHES);
    }
  }

  private static void search(CausalModel base, GuidancePair pair, int count) {
    SamplingParameters sampling = new SamplingParameters(1, 50, 1, List.of());
    LocalLanguageModel local = new LocalLanguageModel(base, sampling, 6, null);
    String tooLong = "very ".repeat(600);
    for (int i = 0; i < count; i++) {
      switch (i % 10) {
        case 7 ->
            assertFails(
                guided(local, pair, SearchListener.none(), failing()), IllegalStateException.class);
        case 8 -> assertCancelled(guided(local, pair, interrupting(), Guard.none()));
        case 9 ->
            assertThatThrownBy(
                    () -> guided(local, pair, SearchListener.none(), Guard.none()).search(tooLong))
                .isInstanceOf(PositionLimitException.class);
        default ->
            guided(local, pair, SearchListener.none(), Guard.none()).search("This movie was");
      }
      assertThat(OpenNatives.on(Placement.AUTO).caches()).as("after search %d", i).isZero();
    }
  }

  private static WeakToStrongLanguageModel guided(
      LocalLanguageModel local, GuidancePair pair, SearchListener listener, Guard guard) {
    return WeakToStrongLanguageModel.builder()
        .delegate(local)
        .pair(pair)
        .beamWidth(2)
        .successors(2)
        .chunkLength(3)
        .listener(listener)
        .guard(guard)
        .build();
  }

  private static Guard failing() {
    return (contenders, places) -> {
      throw new IllegalStateException("the caller's own fault");
    };
  }

  private static SearchListener interrupting() {
    return round -> Thread.currentThread().interrupt();
  }

  private static void assertFails(
      WeakToStrongLanguageModel model, Class<? extends Exception> expected) {
    assertThatThrownBy(() -> model.search("This movie was")).isInstanceOf(expected);
  }

  /** The first round's best comes back, and the thread stays interrupted: the next search fails. */
  private static void assertCancelled(WeakToStrongLanguageModel model) {
    assertThat(model.search("This movie was").rounds()).isEqualTo(1);
    assertThatThrownBy(() -> model.search("This movie was"))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static long residentMib() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
