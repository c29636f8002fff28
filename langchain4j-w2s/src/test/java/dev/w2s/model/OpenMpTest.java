// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenMpTest {

  @ParameterizedTest
  @CsvSource({"2, 2, 2", "8, 4, 4", "1, 1, 1", "2, 64, 2"})
  void allCoresAreUsedByThreadsThatSleepSoon(int processors, int physical, int expected) {
    assertThat(choose(Map.of(), Map.of(), /* bounded= */ true, processors, physical))
        .isEqualTo(new OpenMp(expected));
  }

  @ParameterizedTest
  @CsvSource({"8, 8, 7", "2, 64, 1", "1, 64, 1"})
  void oneCoreIsLeftFreeByThreadsThatSpin(int processors, int physical, int expected) {
    assertThat(choose(Map.of(), Map.of(), /* bounded= */ false, processors, physical))
        .isEqualTo(new OpenMp(expected));
  }

  @Test
  void theUsersNumberOfThreadsIsLeftAlone() {
    assertThat(choose(Map.of("ai.djl.pytorch.num_threads", "3"), Map.of(), true, 8, 8))
        .isEqualTo(new OpenMp(0));
    assertThat(choose(Map.of(), Map.of("OMP_NUM_THREADS", "3"), true, 8, 8))
        .isEqualTo(new OpenMp(0));
  }

  private static OpenMp choose(
      Map<String, String> properties,
      Map<String, String> environment,
      boolean bounded,
      int processors,
      int threads) {
    return OpenMp.choose(properties::get, environment::get, bounded, processors, threads);
  }
}
