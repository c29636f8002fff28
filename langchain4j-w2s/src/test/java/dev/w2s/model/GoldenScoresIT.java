// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores, token counts and token ids equal transformers' on the same models. */
class GoldenScoresIT {
  /** Nats a sequence of up to 512 tokens: float32 sums in another order. */
  private static final double TOLERANCE = 1e-3;

  static Stream<String> models() {
    return Stream.concat(Golden.TINY.stream(), Golden.MOVIE_REVIEWS.stream());
  }

  @ParameterizedTest
  @MethodSource("models")
  void scoresAndCountsEqualTransformers(String name) {
    try (CausalModel model = Golden.model(name)) {
      List<JsonNode> rows =
          Golden.rows("scores.json", "scores", name)
              .filter(row -> !row.get("prompt").asText().isEmpty())
              .toList();
      assertThat(rows).isNotEmpty();
      assertThat(rows).allSatisfy(row -> assertScore(model, row));
      assertThat(model.liveTensors()).isZero();
    }
  }

  private static void assertScore(CausalModel model, JsonNode row) {
    Score score = score(model, row);
    assertThat(score.tokens()).isEqualTo(row.get("counted").intValue());
    assertThat(score.logProbability())
        .isCloseTo(row.get("logprob").doubleValue(), within(TOLERANCE));
  }

  private static Score score(CausalModel model, JsonNode row) {
    Response response = new Response(row.get("response").asText(), row.get("ended").booleanValue());
    // A conversation is rendered with its special tokens, so the tokenizer must add none.
    boolean special = !row.has("messages");
    try (ScoringSession session =
        model.openScoring(new Rendered(row.get("prompt").asText(), special))) {
      return session.score(List.of(response)).get(0);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void tokensEqualTransformers(String name) {
    try (CausalModel model = Golden.model(name)) {
      assertThat(Golden.rows("scores.json", "scores", name))
          .isNotEmpty()
          .allSatisfy(row -> assertTokens(model.tokenizer(), row, true));
      assertThat(Golden.rows("scores.json", "chat_scores", name))
          .allSatisfy(row -> assertTokens(model.tokenizer(), row, false));
    }
  }

  private static void assertTokens(ModelTokenizer tokenizer, JsonNode row, boolean special) {
    String prompt = row.get("prompt").asText();
    assertThat(tokenizer.encode(prompt, special))
        .isEqualTo(Golden.tokens(row.get("prompt_tokens")));
    TokenIds tokens = tokenizer.encode(prompt + row.get("response").asText(), special);
    if (row.get("ended").booleanValue()) {
      tokens = tokens.plus(TokenIds.of(tokenizer.eosToken()));
    }
    assertThat(tokens).isEqualTo(Golden.tokens(row.get("tokens")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "tuned", "untuned"})
  void chatScoresEqualTransformers(String name) {
    try (CausalModel model = Golden.model(name)) {
      assertThat(Golden.rows("scores.json", "chat_scores", name))
          .isNotEmpty()
          .allSatisfy(row -> assertScore(model, row))
          .allSatisfy(
              row ->
                  assertThat(format(model).render(conversation(row)))
                      .isEqualTo(new Rendered(row.get("prompt").asText(), false)));
    }
  }

  private static PromptFormat format(CausalModel model) {
    return model.tokenizer().promptFormat(PromptOptions.defaults());
  }

  private static Prompt conversation(JsonNode row) {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode message : row.get("messages")) {
      turns.add(new Turn(message.get("role").asText(), message.get("content").asText()));
    }
    return new Prompt.Conversation(turns);
  }

  @ParameterizedTest
  @MethodSource("models")
  void emptyPromptsAreRefused(String name) {
    assertThat(Golden.rows("scores.json", "scores", name))
        .as("transformers scores a response without a prompt, this library asks for one")
        .anySatisfy(row -> assertThat(row.get("prompt").asText()).isEmpty());
    try (CausalModel model = Golden.model(name)) {
      assertThatThrownBy(() -> model.openScoring(Rendered.raw("")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("prompt is empty; it must have at least one character");
      assertThatThrownBy(
              () -> model.openGeneration(Rendered.raw(""), SamplingParameters.DEFAULT, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("prompt is empty");
    }
  }

  /** The tuned and the untuned model's difference, which is what guides a search. */
  @Test
  void logRatiosEqualTransformers() {
    List<JsonNode> rows =
        Golden.rows("scores.json", "pairs").stream()
            .filter(row -> !row.has("messages") && !row.get("prompt").asText().isEmpty())
            .toList();
    assertThat(rows).isNotEmpty();
    try (CausalModel tuned = Golden.model("tuned");
        CausalModel untuned = Golden.model("untuned")) {
      assertThat(rows)
          .allSatisfy(
              row ->
                  assertThat(
                          score(tuned, row).logProbability() - score(untuned, row).logProbability())
                      .isCloseTo(row.get("score").doubleValue(), within(TOLERANCE)));
    }
  }
}
