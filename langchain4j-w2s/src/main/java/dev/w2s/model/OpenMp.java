// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many OpenMP threads a model runs on, and how they wait for each other.
 *
 * <p>The threads meet at the end of every matrix product. GNU's libgomp lets them spin there for
 * milliseconds, which ruins everything once other work has taken the core of one of them, since the
 * rest keep the cores busy with waiting. While it counts more OpenMP threads than cores, though, it
 * spins for microseconds and then sleeps (its manual, {@code GOMP_SPINCOUNT}). So a second team of
 * threads that never works makes the first one patient, and all cores can be used, whoever else
 * wants them (docs/performance.md). libgomp reads its environment only once, when it is loaded, and
 * Java cannot change it.
 *
 * @param threads to run on; 0 for what the user has set
 * @param idle threads of the second team; 0 for no such team
 */
record OpenMp(int threads, int idle) {
  private static final Path CPUS = Path.of("/proc/stat");
  private static final Pattern CPU = Pattern.compile("cpu\\d+ .*");

  /** Enough elements for libtorch to share them among threads. */
  private static final long SHARED = 1 << 17;

  /** What suits this process; the engine is loaded. */
  static OpenMp choose() {
    return choose(
        System::getProperty,
        System::getenv,
        Runtime.getRuntime().availableProcessors(),
        cores(),
        JniUtils.getNumThreads());
  }

  /**
   * What suits a machine and its user's settings.
   *
   * @param property system properties by name
   * @param environment environment variables by name
   * @param processors how many the process may use
   * @param cores how many libgomp counts; 0 where there is no libgomp
   * @param threads how many libtorch would use: one per physical core
   */
  static OpenMp choose(
      Function<String, @Nullable String> property,
      Function<String, @Nullable String> environment,
      int processors,
      int cores,
      int threads) {
    // Who sets the number knows the machine, and gets libgomp as it is: the fastest on free cores.
    if (property.apply("ai.djl.pytorch.num_threads") != null
        || environment.apply("OMP_NUM_THREADS") != null) {
      return new OpenMp(0, 0);
    }
    if (environment.apply("OMP_WAIT_POLICY") != null
        || environment.apply("GOMP_SPINCOUNT") != null) {
      return new OpenMp(threads, 0);
    }
    if (processors != cores) {
      // Another OpenMP, or a share of the cores that libgomp does not know: leave one free instead.
      return new OpenMp(Math.max(1, processors - 1), 0);
    }
    // libgomp counts one thread, and of every team all but the first: cores + 1 together.
    return new OpenMp(threads, threads == 1 ? 0 : cores - threads + 2);
  }

  /** Applies to the calling thread for as long as it lives: the settings are its own. */
  void apply() {
    if (idle > 0) {
      startIdleTeam(Thread.currentThread());
    }
    if (threads > 0) {
      JniUtils.setNumThreads(threads);
    }
  }

  /** A team lives as long as the thread that started it, which therefore waits for its owner. */
  private void startIdleTeam(Thread owner) {
    CompletableFuture<Void> started = new CompletableFuture<>();
    Runnable team =
        () -> {
          try (NDManager manager = InferenceThread.engine().newBaseManager(Device.cpu())) {
            JniUtils.setNumThreads(idle);
            manager.ones(new Shape(SHARED));
            started.complete(null);
          } catch (RuntimeException | Error e) {
            started.completeExceptionally(e);
          }
          awaitEnd(owner);
        };
    Thread thread = new Thread(team, owner.getName() + "-idle-team");
    thread.setDaemon(true);
    thread.start();
    started.join();
  }

  private static void awaitEnd(Thread owner) {
    try {
      owner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the team ends early, which only costs speed under load
    }
  }

  /** Cores of the machine; 0 where it is not Linux. */
  private static int cores() {
    try (Stream<String> lines = Files.lines(CPUS)) {
      return (int) lines.filter(line -> CPU.matcher(line).matches()).count();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
