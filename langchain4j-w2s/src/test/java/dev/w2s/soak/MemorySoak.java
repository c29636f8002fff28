// SPDX-License-Identifier: Apache-2.0
package dev.w2s.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.OpenNatives;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether native memory is flat over thousands of searches, failing and cancelled ones among them,
 * over models of every kind. It takes minutes, and so is no part of the build; {@link SoakIT} is
 * its short form. It fails if anything is left open, or if the process's resident memory (as Linux
 * counts it) grows. The Java heap is resident from the start, and so does not count. Neither does
 * what glibc's malloc keeps of memory that was freed: it is told to give it back before each
 * reading (by the JVM's {@code System.trim_native_heap}), or with {@code -Dw2s.trim=false} is not.
 *
 * <pre>./mvnw -pl langchain4j-w2s,samples/movie-reviews test -Dtest=MemorySoak
 * -Dsurefire.failIfNoSpecifiedTests=false "-Dtest.argLine=-Xms256m -Xmx256m -XX:+AlwaysPreTouch
 * -Dorg.slf4j.simpleLogger.defaultLogLevel=error -Dw2s.searches=10000 -Dw2s.seed=1"</pre>
 */
class MemorySoak {
  private static final Path STATUS = Path.of("/proc/self/status");

  /**
   * Tiny kinds are drawn so much more often than wide ones, whose searches take ten times as long.
   */
  private static final int TINY = 3;

  /** Searches between two readings of memory. */
  private static final int STEP = 100;

  /** Readings between two lines of the table. */
  private static final int LINE = 10;

  /**
   * How much larger resident memory may be in the last third of a run than in the second: readings
   * beside each other differ by one percent. Of 1,000 MiB two percent are 20 MiB, which a run of
   * 10,000 reaches with 6 KiB a search, less than a cache takes.
   */
  private static final double MOST_GROWTH = 1.02;

  @TempDir private Path directory;

  @Test
  void memoryIsFlat() throws IOException, JMException {
    int searches = Integer.getInteger("w2s.searches", 10_000);
    List<Kind> kinds = new ArrayList<>(Kind.wide());
    List<Kind> tiny = Kind.tiny(directory);
    for (int i = 0; i < TINY; i++) {
      kinds.addAll(tiny);
    }
    List<Double> resident = new ArrayList<>();
    Soak soak = new Soak(kinds, Long.getLong("w2s.seed", 1));
    try (soak) {
      System.out.println(
          "| searches | resident, MiB | Java heap, MiB | models | adapters | caches |");
      for (int done = STEP; done <= searches; done += STEP) {
        for (int i = 0; i < STEP; i++) {
          soak.search();
        }
        giveBackWhatIsFree();
        resident.add(residentMib());
        if (resident.size() % LINE == 0) {
          printLine(done, resident.get(resident.size() - 1), soak.natives());
        }
      }
    }
    soak.outcomes().forEach((outcome, count) -> System.out.println(outcome + ": " + count));
    assertNothingOpen(soak.natives());
    double second = third(resident, 1);
    double last = third(resident, 2);
    System.out.printf(
        Locale.ROOT,
        "resident, medians: second third %.1f MiB, last third %.1f MiB, ratio %.4f%n",
        second,
        last,
        last / second);
    assertThat(last).as("MiB").isLessThanOrEqualTo(MOST_GROWTH * second);
  }

  private static void giveBackWhatIsFree() throws JMException {
    System.gc();
    if (Boolean.parseBoolean(System.getProperty("w2s.trim", "true"))) {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              new Object[0],
              new String[0]);
    }
  }

  private static void printLine(int searches, double resident, OpenNatives natives) {
    Runtime java = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "| %,d | %.1f | %.1f | %d of %d | %d of %d | %d of %d |%n",
        searches,
        resident,
        (java.totalMemory() - java.freeMemory()) / 1048576.0,
        natives.models(),
        natives.modelsSoFar(),
        natives.adapters(),
        natives.adaptersSoFar(),
        natives.caches(),
        natives.cachesSoFar());
  }

  static void assertNothingOpen(OpenNatives natives) {
    assertThat(List.of(natives.models(), natives.adapters(), natives.caches()))
        .as("open models, adapters, caches")
        .containsOnly(0L);
  }

  /** The median of a third of the readings. */
  private static double third(List<Double> resident, int third) {
    int size = resident.size() / 3;
    int start = resident.size() - (3 - third) * size;
    return resident.subList(start, start + size).stream()
        .sorted()
        .skip(size / 2)
        .findFirst()
        .orElseThrow();
  }

  private static double residentMib() throws IOException {
    return Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024.0;
  }
}
