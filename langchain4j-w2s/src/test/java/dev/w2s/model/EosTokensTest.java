// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One rule says what ends a response, whether it is drawn, scored or shown. */
class EosTokensTest {
  /** Probabilities of t0 to t3: 1, 2, 3 and 4 tenths. */
  private static final double[] LOGITS = {Math.log(1), Math.log(2), Math.log(3), Math.log(4)};

  @TempDir private Path directory;

  private ModelDirectory model;

  @BeforeEach
  void writeAModel() {
    KnownLogits.write(directory, LOGITS);
    model = new ModelDirectory(directory);
  }

  private void name(String generation, String tokenizer, String config) {
    if (generation != null) {
      model.write("generation_config.json", "{\"eos_token_id\": %s}".formatted(generation));
    }
    if (tokenizer != null) {
      model.write("tokenizer_config.json", "{\"eos_token\": \"%s\"}".formatted(tokenizer));
    }
    model.config("eos_token_id", config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1        | t2 | 3       | 1",
        "[3, 1]   | t2 | 0       | 3 1",
        "[1, 1]   |    |         | 1",
        "         | t2 | 3       | 2",
        "null     | t2 | 3       | 2",
        "[]       | t2 | 3       | 2",
        "         |    | 3       | 3",
        "         |    | [0, 3]  | 0 3",
        "         |    |         |",
        // Left from the defaults of whoever wrote the file.
        "50256    | t2 | 3       | 2",
        "-1       |    | 3       | 3",
        "[4, 1]   | t2 |         | 1",
        "         | t2 | 50256   | 2",
        "99999999999 | t2 |      | 2",
        "-1       |    | 50256   |",
      })
  void theFirstSourceThatNamesATokenOfTheModelDecides(
      String generation, String tokenizer, String config, String expected) {
    name(generation, tokenizer, config);
    List<Integer> ids =
        expected == null
            ? List.of()
            : List.of(expected.split(" ")).stream().map(Integer::valueOf).toList();
    try (CausalModel loaded = model.load()) {
      assertThat(loaded.summary().eosTokens()).isEqualTo(ids);
    }
  }

  /** P(t1) + P(t3) = 0.2 + 0.4. */
  @Test
  void theEndIsWorthTheSumOfTheProbabilitiesAndCountsOnce() {
    name("[1, 3]", "t2", null);
    try (CausalModel loaded = model.load();
        ScoringSession session = loaded.openScoring(Rendered.raw("t0"))) {
      List<Score> scores =
          session.score(
              List.of(
                  new Response("", true),
                  new Response(" t2 t1", true),
                  new Response(" t2 t1", false)));
      assertThat(scores).extracting(Score::tokens).containsExactly(1, 3, 2);
      double open = Math.log(0.3) + Math.log(0.2);
      assertThat(scores.get(0).logProbability()).isCloseTo(Math.log(0.6), within(1e-6));
      assertThat(scores.get(1).logProbability()).isCloseTo(open + Math.log(0.6), within(1e-6));
      assertThat(scores.get(2).logProbability()).isCloseTo(open, within(1e-6));
    }
  }

  /** A draw must not end at a token whose score is another's. */
  @Test
  void whatEndsADrawIsWhatIsScored() {
    name("3", "t0", "1");
    SamplingParameters greedy = new SamplingParameters(0, 0, 1, List.of());
    try (CausalModel loaded = model.load();
        GenerationSession generation = loaded.openGeneration(Rendered.raw("t2"), greedy, 1);
        ScoringSession scoring = loaded.openScoring(Rendered.raw("t2"))) {
      Extension one = new Extension(generation.start(), 1, 5);
      assertThat(generation.extend(List.of(one)).get(0).get(0).ending())
          .isEqualTo(Ending.END_OF_SEQUENCE);
      assertThat(scoring.score(List.of(new Response("", true))).get(0).logProbability())
          .isCloseTo(Math.log(0.4), within(1e-6));
    }
  }

  /** 8 positions: the end takes one, however many tokens may stand there. */
  @Test
  void severalEndsTakeOnePosition() {
    name("[1, 3]", null, null);
    try (CausalModel loaded = model.load();
        ScoringSession session = loaded.openScoring(Rendered.raw("t0"))) {
      Response full = new Response(" t2".repeat(6), true);
      for (int time = 0; time < 2; time++) {
        assertThat(session.score(List.of(full)).get(0).tokens()).isEqualTo(7);
        assertThat(session.tokensRun()).as("run once, the ends not at all").isEqualTo(7);
      }
    }
  }
}
