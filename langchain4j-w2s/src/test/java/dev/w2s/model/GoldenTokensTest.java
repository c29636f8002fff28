// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The log-probability of every token equals transformers', at every position up to the limit. */
class GoldenTokensTest {

  /** Nats a token; the golden numbers have six decimals. */
  private static final double TOLERANCE = 1e-4;

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

  private static void assertTokens(LoadedModel decoder, JsonNode row) {
    List<Double> nats = TokenScores.of(decoder, Golden.tokens(row.get("tokens")));
    List<Double> expected = Golden.numbers(row.get("logprobs"));
    assertThat(nats).hasSameSizeAs(expected);
    for (int i = 0; i < nats.size(); i++) {
      assertThat(nats.get(i)).as("token %d", i + 1).isCloseTo(expected.get(i), within(TOLERANCE));
    }
  }
}
