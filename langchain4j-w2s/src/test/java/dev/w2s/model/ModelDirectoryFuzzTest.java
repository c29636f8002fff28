// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fuzz target without its fuzzer: it reaches all that it is to reach. */
class ModelDirectoryFuzzTest {
  @TempDir private Path root;

  @Test
  void takesWhatIsWholeAndRefusesWhatIsCut() {
    ModelDirectoryFuzzer fuzzer = new ModelDirectoryFuzzer(root);
    int refused = 0;
    for (byte[] seed : fuzzer.seeds()) {
      assertThat(fuzzer.takes(seed)).as("place %d", seed[0]).isTrue();
      refused += fuzzer.takes(Arrays.copyOf(seed, seed.length / 2)) ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(fuzzer.seeds().size() / 2);
  }
}
