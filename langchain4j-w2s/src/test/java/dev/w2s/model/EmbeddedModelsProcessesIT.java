// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two JVMs that want the same model at once. */
class EmbeddedModelsProcessesIT {
  private static final String MODEL = "movie-reviews/gold";
  private static final int PROCESSES = 2;

  @TempDir private Path cache;
  @TempDir private Path output;

  /** The other process: unpacks a model to the cache that the system property names. */
  static final class Unpack {
    private Unpack() {}

    public static void main(String[] arguments) {
      Path directory = ModelReference.parse("embedded:" + MODEL).resolve();
      System.out.println(directory);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bothGetTheWholeModelAndNothingIsLeft(boolean damagedBefore) throws Exception {
    if (damagedBefore) {
      Path unpacked = new EmbeddedModels(cache).unpack(MODEL);
      Files.writeString(unpacked.resolve("config.json"), "damaged");
    }
    List<Process> processes = Stream.generate(this::start).limit(PROCESSES).toList();
    for (Process process : processes) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
    Path directory = new EmbeddedModels(cache).unpack(MODEL);
    try (Stream<Path> logs = Files.list(output)) {
      assertThat(logs)
          .hasSize(PROCESSES)
          .allSatisfy(log -> assertThat(log).hasContent(directory.toString()));
    }
    try (Stream<Path> paths = Files.walk(cache)) {
      assertThat(paths.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith(".") && !Set.of(".lock", ".crc32").contains(name));
    }
    try (Stream<Path> versions = Files.list(cache.resolve(MODEL))) {
      assertThat(versions).containsExactly(directory);
    }
  }

  private Process start() {
    try {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Dw2s.cache=" + cache,
              "-cp",
              System.getProperty("java.class.path"),
              Unpack.class.getName())
          .redirectErrorStream(true)
          .redirectOutput(Files.createTempFile(output, "process", ".log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
