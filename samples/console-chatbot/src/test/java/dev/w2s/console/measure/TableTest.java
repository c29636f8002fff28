// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

  /** 1, 2, 3, 6: mean 3, variance 14/3, so the error of the mean is the root of 14/12. */
  @Test
  void theErrorIsThatOfTheMean() {
    double[] values = {1, 2, 3, 6};
    assertThat(Table.mean(values)).isEqualTo(3);
    assertThat(Table.standardError(values)).isEqualTo(Math.sqrt(14.0 / 12));
  }

  @Test
  void kinderIsCountedQuestionByQuestion() {
    List<Judged> first = List.of(new Judged(1, true), new Judged(2, false));
    Map<String, List<Judged>> ways = new LinkedHashMap<>();
    ways.put("unguided", first);
    ways.put("kind", List.of(new Judged(3, true), new Judged(2, true)));
    assertThat(Table.of(ways, first))
        .containsExactly(
            "                   reward, nats     kinder   ended",
            "unguided           +1.50 +/- 0.50            1/2",
            "kind               +2.50 +/- 0.50   1/2      2/2");
  }
}
