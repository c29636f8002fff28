// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Intervals beside NumPy's (golden_bootstrap.py), and by hand. */
public class ClustersTest {
  /** Of an interval's width: what 10,000 resamples leave to chance, and some. */
  private static final double CHANCE = 0.03;

  private static JsonNode golden() throws IOException {
    try (InputStream in = ClustersTest.class.getResourceAsStream("bootstrap.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  public static void assertGolden(Estimate found, JsonNode expected) {
    double low = expected.get("low").asDouble();
    double high = expected.get("high").asDouble();
    assertThat(found.value()).isCloseTo(expected.get("value").asDouble(), within(1e-9));
    assertThat(found.low()).isCloseTo(low, within(CHANCE * (high - low)));
    assertThat(found.high()).isCloseTo(high, within(CHANCE * (high - low)));
  }

  @Test
  void intervalsAreNumPys() throws IOException {
    for (JsonNode each : golden().get("clusters")) {
      Clusters clusters = new Clusters();
      for (int i = 0; i < each.get("amounts").size(); i++) {
        for (int j = 0; j < each.get("amounts").get(i).size(); j++) {
          clusters.add(
              i,
              each.get("amounts").get(i).get(j).asDouble(),
              each.get("per").get(i).get(j).asDouble());
        }
      }
      assertGolden(clusters.estimate(), each);
    }
  }

  @Test
  void quantilesAreNumPys() throws IOException {
    JsonNode quantiles = golden().get("quantiles");
    double[] values =
        IntStream.range(0, quantiles.get("values").size())
            .mapToDouble(i -> quantiles.get("values").get(i).asDouble())
            .toArray();
    for (int i = 0; i < quantiles.get("shares").size(); i++) {
      assertThat(Clusters.quantile(values, quantiles.get("shares").get(i).asDouble()))
          .isCloseTo(quantiles.get("expected").get(i).asDouble(), within(1e-12));
    }
  }

  /** Seeds of one prompt that agree tell no more than one of them. */
  @Test
  void samplesOfOneClusterStayTogether() {
    Clusters once = new Clusters();
    Clusters thrice = new Clusters();
    for (int prompt = 0; prompt < 10; prompt++) {
      once.add(prompt, prompt);
      for (int seed = 0; seed < 3; seed++) {
        thrice.add(prompt, prompt);
      }
    }
    assertThat(thrice.estimate()).isEqualTo(once.estimate());
  }

  /** Of two clusters a resample is both, or one twice: 1, 2 or 3, where 1 and 3 are a quarter. */
  @Test
  void twoClustersGiveTheirOwnMeansAsEnds() {
    Clusters two = new Clusters();
    two.add(1, 1);
    two.add(2, 3);
    assertThat(two.estimate()).isEqualTo(new Estimate(2, 1, 3));
  }

  @Test
  void oneClusterHasNoInterval() {
    Clusters one = new Clusters();
    one.add(1, 1);
    one.add(1, 2);
    assertThat(one.estimate().value()).isEqualTo(1.5);
    assertThat(one.estimate().low()).isNaN();
    assertThat(new Clusters().estimate().isKnown()).isFalse();
  }

  @Test
  void theSameAmountsGiveTheSameInterval() {
    Clusters one = new Clusters();
    Clusters other = new Clusters();
    for (int i = 0; i < 50; i++) {
      one.add(i, Math.sin(i));
      other.add(i, Math.sin(i));
    }
    assertThat(one.estimate()).isEqualTo(other.estimate());
  }
}
