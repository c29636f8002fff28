// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The log-probability of every token equals transformers', at every position up to the limit. */
class GoldenTokensTest {

  /** Nats a token; the golden numbers have six decimals. */
  private static final double TOLERANCE = 1e-4;

  private static final Comparator<LikelyToken> BEST_FIRST =
      Comparator.comparingDouble(LikelyToken::logProbability).reversed();

  static Stream<JsonNode> greedy() {
    return Golden.rows("greedy.json", "continuations").stream();
  }

  static Stream<String> models() {
    return Stream.concat(Golden.TINY.stream(), Golden.MOVIE_REVIEWS.stream());
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyTokenEqualsTransformers(String name) {
    try (LoadedModel decoder = Golden.decoder(name)) {
      assertThat(Golden.rows("token-logprobs.json", "sequences", name))
          .isNotEmpty()
          .anySatisfy(
              row -> assertThat(row.get("tokens").size()).isEqualTo(decoder.config().positions()))
          .allSatisfy(row -> assertTokens(decoder, row));
      assertThat(decoder.liveTensors()).isZero();
    }
  }

  /** Of several at once, the beginning of one another among them: as of each alone. */
  @Test
  void severalTextsAreReadInOneBatch() {
    List<JsonNode> rows = Golden.rows("token-logprobs.json", "sequences", "llama-gqa").toList();
    try (CausalModel model = Golden.model("llama-gqa")) {
      List<TokenIds> texts =
          new ArrayList<>(rows.stream().map(row -> Golden.tokens(row.get("tokens"))).toList());
      int longest = rows.size() - 1;
      texts.add(texts.get(longest).part(0, 2));
      texts.add(texts.get(longest).part(0, 1));
      List<double[]> nats = model.logProbabilities(texts);
      assertThat(nats).hasSameSizeAs(texts);
      for (int i = 0; i < rows.size(); i++) {
        List<Double> expected = Golden.numbers(rows.get(i).get("logprobs"));
        assertThat(nats.get(i)).hasSize(expected.size() + 1);
        for (int j = 0; j < expected.size(); j++) {
          assertThat(nats.get(i)[j + 1]).isCloseTo(expected.get(j), within(TOLERANCE));
        }
      }
      assertThat(nats.get(rows.size())[1]).isEqualTo(nats.get(longest)[1]);
      assertThat(nats.get(rows.size() + 1)).containsExactly(Double.NaN);
      assertThat(model.liveTensors()).isZero();
    }
  }

  /** What transformers draws without chance is what is likeliest. */
  @ParameterizedTest
  @MethodSource("greedy")
  void theLikeliestTokensEqualTransformers(JsonNode row) {
    TokenIds prompt = Golden.tokens(row.get("prompt_tokens"));
    TokenIds drawn = Golden.tokens(row.get("tokens"));
    TokenIds text = prompt.plus(drawn);
    try (CausalModel model = Golden.model(row.get("model").asText())) {
      List<List<LikelyToken>> likeliest = model.likeliest(text, 3);
      double[] nats = model.logProbabilities(List.of(text)).get(0);
      assertThat(likeliest).hasSize(text.size() - 1);
      for (int i = 0; i < drawn.size(); i++) {
        List<LikelyToken> there = likeliest.get(prompt.size() + i - 1);
        assertThat(there).hasSize(3).isSortedAccordingTo(BEST_FIRST);
        assertThat(there.get(0).id()).isEqualTo(drawn.get(i));
        assertThat(there.get(0).logProbability())
            .isCloseTo(nats[prompt.size() + i], within(TOLERANCE));
      }
      assertThat(model.liveTensors()).isZero();
    }
  }

  @Test
  void textsThatTheModelCannotReadAreRefused() {
    try (CausalModel model = Golden.model("llama-gqa")) {
      assertThatThrownBy(() -> model.logProbabilities(List.of(TokenIds.of(List.of()))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a text has no tokens; it must have at least one");
      int unknown = model.summary().vocabulary();
      assertThatThrownBy(() -> model.logProbabilities(List.of(TokenIds.of(List.of(1, unknown)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("token " + unknown + " is unknown");
      List<Integer> tooMany = Collections.nCopies(model.summary().positions() + 1, 1);
      assertThatThrownBy(() -> model.logProbabilities(List.of(TokenIds.of(tooMany))))
          .isInstanceOf(PositionLimitException.class);
      assertThat(model.logProbabilities(List.of())).isEmpty();
    }
  }

  private static void assertTokens(LoadedModel decoder, JsonNode row) {
    List<Double> nats = TokenScores.of(decoder, Golden.tokens(row.get("tokens")));
    List<Double> expected = Golden.numbers(row.get("logprobs"));
    assertThat(nats).hasSameSizeAs(expected);
    for (int i = 0; i < nats.size(); i++) {
      assertThat(nats.get(i)).as("token %d", i + 1).isCloseTo(expected.get(i), within(TOLERANCE));
    }
  }
}
