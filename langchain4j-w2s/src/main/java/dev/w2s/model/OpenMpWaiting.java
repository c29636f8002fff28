// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How OpenMP's threads wait for each other.
 *
 * <p>They meet at the end of every matrix product. GNU's libgomp lets them spin there for
 * milliseconds, which is the fastest on cores that are free and ruins everything once other work
 * has taken the core of one of them, since the rest keep the cores busy with waiting. So they are
 * told to sleep after a quarter of a millisecond, which costs next to nothing on free cores and
 * keeps most of the speed on busy ones (docs/performance.md). libgomp reads that once, when
 * libtorch loads it, from the process's environment ({@code GOMP_SPINCOUNT} in its manual), which
 * Java cannot change: the C library does, and takes it back, since child processes inherit it.
 */
final class OpenMpWaiting {
  private static final String SPINS = "GOMP_SPINCOUNT";
  private static final String POLICY = "OMP_WAIT_POLICY";

  /** Turns of the loop in which a thread waits, each one pause of the processor. */
  private static final String TURNS = "5000";

  private static final Path LIBRARIES = Path.of("/proc/self/maps");
  private static final boolean SETTLED = isSettled(System::getenv);
  private static final boolean BOUNDED =
      !SETTLED && bound(System::getProperty, System::getenv, LIBRARIES, OpenMpWaiting::setVariable);

  private OpenMpWaiting() {}

  /**
   * Whether the threads sleep soon, or as the user has set; false also where another part of the
   * process has loaded libgomp before.
   */
  static boolean isBounded() {
    return SETTLED || BOUNDED;
  }

  /** Runs what loads libtorch. */
  static <T> T bounding(Supplier<T> loading) {
    return BOUNDED ? withVariable(SPINS, TURNS, loading) : loading.get();
  }

  /** Runs what native code is to see a variable in, and unsets that again. */
  static <T> T withVariable(String name, String value, Supplier<T> task) {
    setVariable(name, value);
    try {
      return task.get();
    } finally {
      libc("unsetenv", name);
    }
  }

  /** Whether the user has set how to wait. */
  static boolean isSettled(Function<String, @Nullable String> environment) {
    return environment.apply(SPINS) != null || environment.apply(POLICY) != null;
  }

  /**
   * Bounds the waiting unless the user has set how many threads there are: who does that knows the
   * machine, and gets libgomp as it is.
   *
   * @param libraries lists what the process has loaded; missing where it is not Linux
   * @param setting sets a variable for native code; false if that cannot be done
   */
  static boolean bound(
      Function<String, @Nullable String> property,
      Function<String, @Nullable String> environment,
      Path libraries,
      BiPredicate<String, String> setting) {
    return !OpenMp.isSet(property, environment)
        && comesLater(libraries)
        && setting.test(SPINS, TURNS);
  }

  private static boolean comesLater(Path libraries) {
    try (Stream<String> lines = Files.lines(libraries)) {
      return lines.noneMatch(line -> line.contains("libgomp"));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** Sets a variable for native code unless it is set; whether that could be done. */
  static boolean setVariable(String name, String value) {
    int keepOld = 0;
    try {
      return libc("setenv", name, value, keepOld) == 0;
    } catch (LinkageError e) {
      return false; // without JNA's library there is one thread less
    }
  }

  private static int libc(String function, Object... arguments) {
    return com.sun.jna.Function.getFunction(Platform.C_LIBRARY_NAME, function).invokeInt(arguments);
  }
}
