// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.w2s.cli.experiment.measure.ClustersTest;
import dev.w2s.cli.experiment.measure.Estimate;
import dev.w2s.cli.experiment.run.Design;
import dev.w2s.cli.experiment.run.Design.JudgeTitle;
import dev.w2s.cli.experiment.run.Design.MethodTitle;
import dev.w2s.cli.experiment.run.Sample;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counted by hand, and shares of wins beside NumPy's (golden_bootstrap.py). */
class SummaryTest {
  private static final Design DESIGN =
      new Design(
          "d",
          "b",
          "base",
          List.of(new JudgeTitle("judge", "nats", "it")),
          "b",
          List.of(new MethodTitle("base", null), new MethodTitle("other", null)),
          List.of(1L, 2L));

  private static Sample sample(
      String method, int prompt, long seed, double reward, double distinct2) {
    return new Sample(
        method,
        seed,
        prompt,
        TextNode.valueOf("p"),
        "text",
        reward,
        Map.of("judge", reward),
        null,
        10,
        8,
        false,
        "token_limit",
        1.0,
        distinct2,
        20.0 * prompt,
        10 * prompt,
        10,
        0,
        1,
        0.5,
        null);
  }

  private static Sample failed(String method, int prompt, long seed) {
    return new Sample(
        method,
        seed,
        prompt,
        TextNode.valueOf("p"),
        null,
        null,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        0,
        0,
        0,
        "no");
  }

  private static Estimate known(double value, double low, double high) {
    return new Estimate(value, low, high);
  }

  @Test
  void gainsAndWinsAreThoseOfPairs() {
    Summary summary =
        Summary.of(
            DESIGN,
            List.of(
                sample("base", 1, 1, 1, 0.9),
                sample("base", 1, 2, 2, 0.9),
                sample("base", 2, 1, 3, 0.9),
                failed("base", 2, 2),
                sample("other", 1, 1, 3, 0.9), // wins by 2, as diverse
                sample("other", 1, 2, 2, 0.5), // a tie, less diverse
                sample("other", 2, 1, 2, 0.95), // loses by 1, more diverse
                sample("other", 2, 2, 9, 1.0))); // without a pair
    Summary.Row other = summary.methods().get(1);
    assertThat(other.n()).isEqualTo(4);
    assertThat(other.prompts()).isEqualTo(2);
    assertThat(other.first().reward()).isEqualTo(known(4, 2.5, 5.5));
    // (2 + 0 - 1) / 3; of prompt 1 alone 2/2, of prompt 2 alone -1/1.
    assertThat(other.first().outcome().gain()).isEqualTo(known(1 / 3.0, -1, 1));
    assertThat(other.first().outcome().win()).isEqualTo(known(0.5, 0, 0.75));
    assertThat(other.keptGain()).isEqualTo(known(0.5, -1, 2));
    assertThat(other.keptShare()).isEqualTo(known(2 / 3.0, 0.5, 1));
    assertThat(other.nats().value()).isCloseTo(2, within(1e-12));
    Summary.Row base = summary.methods().get(0);
    assertThat(base.n()).isEqualTo(3);
    assertThat(base.failed()).isEqualTo(1);
    assertThat(base.first().outcome().gain().value()).isZero();
    assertThat(base.first().outcome().win().value()).isEqualTo(0.5);
    assertThat(base.score().isKnown()).isFalse();
  }

  @Test
  void eachMethodIsComparedWithEachBeforeIt() {
    Design three =
        new Design(
            "d",
            "b",
            "base",
            DESIGN.judges(),
            "b",
            List.of(
                new MethodTitle("base", null),
                new MethodTitle("first", null),
                new MethodTitle("second", null)),
            List.of(1L, 2L));
    Summary summary =
        Summary.of(
            three,
            List.of(
                sample("base", 1, 1, 1, 1),
                sample("base", 2, 1, 1, 1),
                sample("first", 1, 1, 2, 1),
                sample("first", 1, 2, 5, 1), // the second method has failed there
                sample("first", 2, 1, 3, 1),
                sample("second", 1, 1, 6, 1), // gains 4 over the first
                failed("second", 1, 2),
                sample("second", 2, 1, 2, 1))); // loses 1
    assertThat(summary.differences())
        .extracting(Summary.Difference::method, Summary.Difference::against)
        .containsExactly(tuple("first", "base"), tuple("second", "base"), tuple("second", "first"));
    assertThat(summary.differences().get(2).outcome())
        .isEqualTo(new Summary.Outcome(2, known(1.5, -1, 4), known(0.5, 0, 1)));
    assertThat(SummaryCsv.differences(summary).lines())
        .hasSize(4)
        .startsWith(
            "judge,method,against,pairs,gain,gain_low,gain_high,win_rate,win_rate_low,win_rate_high")
        .endsWith("judge,second,first,2,1.500000,-1.000000,4.000000,0.500000,0.000000,1.000000");
    assertThat(Tables.all(summary))
        .contains(
            """
            | method | base | first |
            | --- | --- | --- |
            | base |  |  |
            | first | +1.50 [+1.00, +2.00] |  |
            | second | +3.00 [+1.00, +5.00] | +1.50 [-1.00, +4.00] |
            """);
  }

  @Test
  void aMethodWithoutSamplesHasNoFigures() {
    Summary summary = Summary.of(DESIGN, List.of(sample("base", 1, 1, 1, 0.9)));
    Summary.Row other = summary.methods().get(1);
    assertThat(other.n()).isZero();
    assertThat(other.first().reward().isKnown()).isFalse();
    assertThat(SummaryCsv.of(summary).lines())
        .hasSize(3)
        .last()
        .asString()
        .startsWith("other,0,0,0,,,");
    assertThat(Figures.of(summary)).isNotEmpty();
    assertThat(Figures.of(Summary.of(DESIGN, List.of()))).isEmpty();
  }

  @Test
  void sharesOfWinsAreNumPys() throws Exception {
    try (InputStream in = ClustersTest.class.getResourceAsStream("bootstrap.json")) {
      JsonNode golden = new ObjectMapper().readTree(in).get("win");
      List<Sample> samples = new ArrayList<>();
      for (int i = 0; i < golden.get("one").size(); i++) {
        for (int j = 0; j < golden.get("one").get(i).size(); j++) {
          samples.add(sample("base", i + 1, j, golden.get("other").get(i).get(j).asInt(), 1));
          samples.add(sample("other", i + 1, j, golden.get("one").get(i).get(j).asInt(), 1));
        }
      }
      ClustersTest.assertGolden(
          Summary.of(DESIGN, samples).methods().get(1).first().outcome().win(), golden);
    }
  }

  @Test
  void fieldsWithCommasAreQuoted() {
    Design design =
        new Design(
            "d",
            "b",
            "CBS(1,\"1\",1)",
            DESIGN.judges(),
            null,
            List.of(new MethodTitle("CBS(1,\"1\",1)", null)),
            List.of(1L));
    assertThat(SummaryCsv.of(Summary.of(design, List.of())).lines())
        .last()
        .asString()
        .startsWith("\"CBS(1,\"\"1\"\",1)\",0");
  }
}
