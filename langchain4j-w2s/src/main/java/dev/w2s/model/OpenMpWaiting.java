// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
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
 * Java cannot change: the C library does.
 */
final class OpenMpWaiting {
  private static final String SPINS = "GOMP_SPINCOUNT";
  private static final String POLICY = "OMP_WAIT_POLICY";

  /** Turns of the loop in which a thread waits, each one pause of the processor. */
  private static final String TURNS = "5000";

  private static final Path LIBRARIES = Path.of("/proc/self/maps");
  private static final boolean BOUNDED =
      bound(System::getProperty, System::getenv, LIBRARIES, OpenMpWaiting::setVariable);

  private OpenMpWaiting() {}

  /**
   * Whether the threads sleep soon, or as the user has set; false also where another part of the
   * process has loaded libgomp before. The first call settles it; it comes before libtorch.
   */
  static boolean isBounded() {
    return BOUNDED;
  }

  /**
   * Bounds the waiting unless the user has set how to wait, or how many threads there are: who does
   * that knows the machine, and gets libgomp as it is.
   *
   * @param libraries lists what the process has loaded; missing where it is not Linux
   * @param variables sets a variable that is not set yet
   */
  static boolean bound(
      Function<String, @Nullable String> property,
      Function<String, @Nullable String> environment,
      Path libraries,
      Variables variables) {
    if (environment.apply(SPINS) != null || environment.apply(POLICY) != null) {
      return true;
    }
    return !OpenMp.isSet(property, environment)
        && comesLater(libraries)
        && variables.set(SPINS, TURNS);
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
    try {
      int keepOld = 0;
      return com.sun.jna.Function.getFunction(Platform.C_LIBRARY_NAME, "setenv")
              .invokeInt(new Object[] {name, value, keepOld})
          == 0;
    } catch (LinkageError e) {
      return false; // without JNA's library there is one thread less
    }
  }

  /** The process's environment, as native code sees it. */
  @FunctionalInterface
  interface Variables {

    /** Sets it unless it is set; whether that could be done. */
    boolean set(String name, String value);
  }
}
