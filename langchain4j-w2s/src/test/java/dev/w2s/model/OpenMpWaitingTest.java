// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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
  @CsvSource({"OMP_WAIT_POLICY, active", "GOMP_SPINCOUNT, 1000"})
  void theUsersWayOfWaitingIsLeftAlone(String variable, String value) {
    assertThat(bound(Map.of(), Map.of(variable, value))).isTrue();

    assertThat(set).isEmpty();
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
  void nativeCodeSeesWhatWasSetFirst() {
    assumeTrue(Platform.isLinux(), "the variable is set on Linux alone");
    String name = "W2S_OPEN_MP_WAITING_TEST";

    assertThat(OpenMpWaiting.setVariable(name, "first")).isTrue();
    assertThat(OpenMpWaiting.setVariable(name, "second")).isTrue();

    assertThat(
            Function.getFunction(Platform.C_LIBRARY_NAME, "getenv")
                .invokeString(new Object[] {name}, /* wide= */ false))
        .isEqualTo("first");
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
