// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Greedy continuations equal transformers' {@code generate(do_sample=False)}. */
class GoldenGreedyIT {
  /** What golden.py asks for. */
  private static final int MOST_TOKENS = 30;

  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());

  static Stream<JsonNode> rawPrompts() {
    return Golden.rows("greedy.json", "continuations").stream()
        .filter(row -> row.get("add_special_tokens").booleanValue());
  }

  static Stream<JsonNode> chatPrompts() {
    return Golden.rows("greedy.json", "continuations").stream()
        .filter(row -> !row.get("add_special_tokens").booleanValue());
  }

  @ParameterizedTest
  @MethodSource("rawPrompts")
  void continuationEqualsTransformers(JsonNode row) {
    try (CausalModel model = Golden.model(row.get("model").asText());
        GenerationSession session =
            model.openGeneration(Rendered.raw(row.get("prompt").asText()), GREEDY, /* seed= */ 1)) {
      Continuation greedy =
          session.extend(List.of(new Extension(session.start(), 1, MOST_TOKENS))).get(0).get(0);
      TokenIds tokens = Golden.tokens(row.get("tokens"));
      boolean ended = row.get("ended").booleanValue();
      assertThat(greedy.response().tokens())
          .isEqualTo(ended ? tokens.part(0, tokens.size() - 1) : tokens);
      assertThat(greedy.text()).isEqualTo(row.get("text").asText());
      assertThat(greedy.drawn()).isEqualTo(tokens.size());
      assertThat(greedy.ending()).isEqualTo(ended ? Ending.END_OF_SEQUENCE : Ending.LIMIT);
      assertThat(session.promptTokens()).isEqualTo(row.get("prompt_tokens").size());
    }
  }

  /** A chat prompt carries its special tokens; a session is for raw text, so draw by token ids. */
  @ParameterizedTest
  @MethodSource("chatPrompts")
  void chatContinuationEqualsTransformers(JsonNode row) {
    TokenIds prompt = Golden.tokens(row.get("prompt_tokens"));
    List<Integer> tokens = Golden.integers(row.get("tokens"));
    try (LoadedModel decoder = Golden.decoder(row.get("model").asText())) {
      assertThat(decoder.tokenizer().encode(row.get("prompt").asText(), false)).isEqualTo(prompt);
      List<Integer> drawn = decoder.call(() -> greedy(decoder, prompt, tokens.size()));
      assertThat(drawn).isEqualTo(tokens);
      assertThat(decoder.eosTokens().contains(drawn.get(drawn.size() - 1)))
          .isEqualTo(row.get("ended").booleanValue());
      assertThat(decoder.tokenizer().decode(TokenIds.of(drawn)))
          .isEqualTo(row.get("text").asText());
    }
  }

  private static List<Integer> greedy(LoadedModel decoder, TokenIds prompt, int count) {
    List<Integer> drawn = new ArrayList<>();
    try (DecoderSession session = decoder.newSession()) {
      List<Node> path = session.tree().path(prompt);
      Node last = path.get(path.size() - 1);
      while (drawn.size() < count) {
        session.run(List.of(last));
        int token =
            session.draw(List.of(last), new double[] {0.5}, GREEDY, new float[0], 1).get(0).id();
        drawn.add(token);
        last = session.tree().child(last, token);
      }
    }
    return drawn;
  }
}
