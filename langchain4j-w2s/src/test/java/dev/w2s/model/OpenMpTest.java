// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenMpTest {

  /** libgomp counts one thread, and of every team all but the first; it is patient above cores. */
  @ParameterizedTest
  @CsvSource({"2, 2", "8, 8", "8, 4"})
  void allCoresAreUsedWithMoreThreadsThanCores(int cores, int physical) {
    OpenMp chosen = choose(Map.of(), Map.of(), cores, cores, physical);

    assertThat(chosen.threads()).isEqualTo(physical);
    int counted = 1 + (chosen.threads() - 1) + (chosen.idle() - 1);
    assertThat(counted).isEqualTo(cores + 1);
  }

  @Test
  void oneCoreHasNobodyToWaitFor() {
    assertThat(choose(Map.of(), Map.of(), 1, 1, 1)).isEqualTo(new OpenMp(1, 0));
  }

  @Test
  void theUsersNumberOfThreadsIsLeftAlone() {
    assertThat(choose(Map.of("ai.djl.pytorch.num_threads", "3"), Map.of(), 8, 8, 8))
        .isEqualTo(new OpenMp(0, 0));
    assertThat(choose(Map.of(), Map.of("OMP_NUM_THREADS", "3"), 8, 8, 8))
        .isEqualTo(new OpenMp(0, 0));
  }

  @ParameterizedTest
  @CsvSource({"OMP_WAIT_POLICY, active", "GOMP_SPINCOUNT, 1000"})
  void theUsersWayOfWaitingIsLeftAlone(String variable, String value) {
    assertThat(choose(Map.of(), Map.of(variable, value), 8, 8, 8)).isEqualTo(new OpenMp(8, 0));
  }

  @ParameterizedTest
  @CsvSource({"8, 0, 7", "2, 64, 1", "1, 64, 1"})
  void oneCoreIsLeftFreeWhereLibgompCannotCount(int processors, int cores, int expected) {
    assertThat(choose(Map.of(), Map.of(), processors, cores, 8)).isEqualTo(new OpenMp(expected, 0));
  }

  private static OpenMp choose(
      Map<String, String> properties,
      Map<String, String> environment,
      int processors,
      int cores,
      int threads) {
    return OpenMp.choose(properties::get, environment::get, processors, cores, threads);
  }
}
