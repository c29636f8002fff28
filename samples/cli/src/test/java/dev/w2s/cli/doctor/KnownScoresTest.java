// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.cli.doctor.KnownScores.Expected;
import dev.w2s.testkit.GoldenFiles;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the command compares with is what transformers computed. */
class KnownScoresTest {

  @Test
  void theScoresAreThoseOfTheGoldenFile() {
    List<Expected> golden =
        GoldenFiles.rows("scores.json", "scores").stream()
            .map(
                row ->
                    new Expected(
                        row.get("model").asText(),
                        row.get("prompt").asText(),
                        row.get("response").asText(),
                        row.get("ended").booleanValue(),
                        row.get("logprob").doubleValue()))
            .toList();
    assertThat(KnownScores.expected()).hasSizeGreaterThan(10).isSubsetOf(golden);
  }
}
