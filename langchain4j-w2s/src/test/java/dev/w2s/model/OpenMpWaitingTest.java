// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenMpWaitingTest {
  @TempDir private Path directory;
  private Path libraries;
  private final Map<String, String> set = new HashMap<>();

  @BeforeEach
  void libtorchIsNotLoadedYet() throws IOException {
    libraries = libraries("/usr/lib/libc.so.6", "/usr/lib/jvm/lib/server/libjvm.so");
  }

  @Test
  void threadsSleepSoonUnlessTheUserHasSaidHowToWait() {
    assertThat(bound(Map.of(), Map.of())).isTrue();

    assertThat(set).containsExactly(Map.entry("GOMP_SPINCOUNT", "5000"));
  }

  @ParameterizedTest
  @CsvSource({"OMP_WAIT_POLICY, true", "GOMP_SPINCOUNT, true", "OMP_NUM_THREADS, false"})
  void theUserSettlesHowToWait(String variable, boolean settled) {
    assertThat(OpenMpWaiting.isSettled(Map.of(variable, "1")::get)).isEqualTo(settled);
  }

  @Test
  void whoSetsTheNumberOfThreadsGetsLibgompAsItIs() {
    assertThat(bound(Map.of("ai.djl.pytorch.num_threads", "2"), Map.of())).isFalse();
    assertThat(bound(Map.of(), Map.of("OMP_NUM_THREADS", "2"))).isFalse();

    assertThat(set).isEmpty();
  }

  @Test
  void whatIsLoadedAlreadyHasReadItsEnvironment() throws IOException {
    libraries = libraries("/opt/other/libgomp-98b21ff3.so.1");

    assertThat(bound(Map.of(), Map.of())).isFalse();
    assertThat(set).isEmpty();
  }

  @Test
  void whereLibrariesAreNotListedNothingIsSet() {
    libraries = directory.resolve("missing");

    assertThat(bound(Map.of(), Map.of())).isFalse();
    assertThat(set).isEmpty();
  }

  @Test
  void aVariableThatCannotBeSetBoundsNothing() {
    assertThat(
            OpenMpWaiting.bound(
                Map.<String, String>of()::get,
                Map.<String, String>of()::get,
                libraries,
                (name, value) -> false))
        .isFalse();
  }

  @Test
  void nativeCodeSeesAVariableForAsLongAsATaskRuns() {
    assumeTrue(Platform.isLinux(), "variables are set on Linux alone");
    String name = "W2S_OPEN_MP_WAITING_TEST";

    assertThat(OpenMpWaiting.withVariable(name, "5000", () -> variable(name))).isEqualTo("5000");
    assertThat(variable(name)).isNull();

    RuntimeException failure = new IllegalStateException("not loaded");
    assertThatThrownBy(
            () ->
                OpenMpWaiting.withVariable(
                    name,
                    "5000",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(variable(name)).isNull();
  }

  @Test
  void aVariableThatIsSetIsKept() {
    assumeTrue(Platform.isLinux(), "variables are set on Linux alone");
    String name = "PATH";

    assertThat(OpenMpWaiting.setVariable(name, "other")).isTrue();
    assertThat(variable(name)).isEqualTo(System.getenv(name));
  }

  private static @Nullable String variable(String name) {
    Pointer value =
        Function.getFunction(Platform.C_LIBRARY_NAME, "getenv").invokePointer(new Object[] {name});
    return value == null ? null : value.getString(0);
  }

  private boolean bound(Map<String, String> properties, Map<String, String> environment) {
    return OpenMpWaiting.bound(
        properties::get,
        environment::get,
        libraries,
        (name, value) -> {
          set.put(name, value);
          return true;
        });
  }

  private Path libraries(String... files) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String file : files) {
      lines
          .append("7f0000000000-7f0000001000 r-xp 00000000 08:01 42    ")
          .append(file)
          .append('\n');
    }
    return Files.writeString(directory.resolve("maps"), lines);
  }
}
