// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cache by token ids, against transformers' numbers for whole sequences. */
class DecoderSessionTest {
  private static final double TOLERANCE = 1e-4;

  static Stream<String> models() {
    return Golden.TINY.stream();
  }

  private static JsonNode longest(String name) {
    List<JsonNode> rows = Golden.rows("token-logprobs.json", "sequences", name).toList();
    return rows.get(rows.size() - 1);
  }

  private static void assertClose(List<Double> nats, List<Double> expected) {
    assertThat(nats).hasSameSizeAs(expected);
    for (int i = 0; i < nats.size(); i++) {
      assertThat(nats.get(i)).as("token %d", i + 1).isCloseTo(expected.get(i), within(TOLERANCE));
    }
  }

  /** Token by token, amid dropped sequences whose slots are taken again. */
  @ParameterizedTest
  @MethodSource("models")
  void oneTokenAtATimeEqualsTransformers(String name) {
    TokenIds tokens = Golden.tokens(longest(name).get("tokens"));
    List<Double> expected = Golden.numbers(longest(name).get("logprobs"));
    try (LoadedModel decoder = Golden.decoder(name)) {
      List<Double> nats =
          decoder.call(
              () -> {
                try (DecoderSession session = decoder.newSession()) {
                  for (int end = 2; end < tokens.size(); end++) {
                    TokenScores.of(session, TokenIds.of(Collections.nCopies(end / 2, end)));
                    List<Node> path = session.tree().path(tokens.part(0, end));
                    session.run(path);
                    session.tree().retain(path);
                  }
                  return TokenScores.of(session, tokens);
                }
              });
      assertClose(nats, expected);
    }
  }

  /** All sequences of a model, of all lengths, as branches of one tree run in one batch. */
  @ParameterizedTest
  @MethodSource("models")
  void manySequencesAtOnceEqualTransformers(String name) {
    List<JsonNode> rows = Golden.rows("token-logprobs.json", "sequences", name).toList();
    try (LoadedModel decoder = Golden.decoder(name)) {
      decoder.call(
          () -> {
            try (DecoderSession session = decoder.newSession()) {
              session.run(
                  rows.stream()
                      .map(row -> session.tree().path(Golden.tokens(row.get("tokens"))))
                      .map(path -> path.get(path.size() - 1))
                      .toList());
              rows.forEach(
                  row ->
                      assertClose(
                          TokenScores.of(session, Golden.tokens(row.get("tokens"))),
                          Golden.numbers(row.get("logprobs"))));
              return true;
            }
          });
      assertThat(decoder.liveTensors()).isZero();
    }
  }

  /**
   * The sum over the vocabulary is one, and picking a label gives the same number as all labels.
   */
  @ParameterizedTest
  @MethodSource("models")
  void logSoftmaxIsADistribution(String name) {
    try (LoadedModel decoder = Golden.decoder(name)) {
      decoder.call(
          () -> {
            try (DecoderSession session = decoder.newSession()) {
              Node node = session.tree().path(TokenIds.of(5)).get(0);
              session.run(List.of(node));
              float[] nats = session.logSoftmax(node);
              double mass = 0;
              for (int token = 0; token < nats.length; token++) {
                mass += Math.exp(nats[token]);
                Node child = session.tree().child(node, token);
                session.scoreNodes(List.of(child));
                assertThat(child.logProbability).isCloseTo(nats[token], within(TOLERANCE));
              }
              assertThat(nats).hasSize(decoder.config().vocabulary());
              assertThat(mass).isCloseTo(1, within(1e-5));
              return true;
            }
          });
    }
  }

  /**
   * A cache that is moved again and again, in whatever blocks, holds what it held: 0 is as on a
   * GPU, 1 a block for each part, 5,000 bytes fewer and fewer parts to a block as it grows, 1 MiB
   * one block.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5_000, 1 << 20})
  void aCacheThatGrowsKeepsWhatItHolds(int block) {
    for (String name : Golden.TINY) {
      TokenIds tokens = Golden.tokens(longest(name).get("tokens"));
      try (LoadedModel decoder = Golden.decoder(name)) {
        List<Double> nats =
            decoder.call(
                () -> {
                  try (DecoderSession session = decoder.newSession(block)) {
                    for (int end = 2; end < tokens.size(); end++) {
                      session.run(session.tree().path(tokens.part(0, end)));
                      session.run(session.tree().path(TokenIds.of(Collections.nCopies(end, end))));
                    }
                    return TokenScores.of(session, tokens);
                  }
                });
        assertClose(nats, Golden.numbers(longest(name).get("logprobs")));
      }
    }
  }

  @Test
  void aSequenceBeyondThePositionsLeavesTheOthersAsTheyWere() {
    TokenIds tokens = Golden.tokens(longest("gpt2-odd").get("tokens"));
    try (LoadedModel decoder = Golden.decoder("gpt2-odd")) {
      List<Double> nats =
          decoder.call(
              () -> {
                try (DecoderSession session = decoder.newSession()) {
                  List<Node> path = session.tree().path(tokens);
                  Node last = path.get(path.size() - 1);
                  Node beyond = session.tree().child(last, 0);
                  assertThatThrownBy(() -> session.run(List.of(last, beyond)))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("position 48 is beyond");
                  return TokenScores.of(session, tokens);
                }
              });
      assertClose(nats, Golden.numbers(longest("gpt2-odd").get("logprobs")));
    }
  }

  @Test
  void nothingCanBeReadBeforeARun() {
    try (LoadedModel decoder = Golden.decoder("gpt2-odd")) {
      decoder.call(
          () -> {
            try (DecoderSession session = decoder.newSession()) {
              Node node = session.tree().path(TokenIds.of(5)).get(0);
              assertThatThrownBy(() -> session.logSoftmax(node))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("nothing has been run");
              return true;
            }
          });
    }
  }
}
