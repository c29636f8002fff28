// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models whose rotary frequencies change with the length of the text, at 20 or 24 tokens: a session
 * gives what a fresh one gives, below the limit, beyond it and on the way over.
 */
class LengthDependentSessionsTest {
  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());
  private static final double TOLERANCE = 1e-4;
  private static final Rendered PROMPT = new Rendered("a weak model, and", false);

  @TempDir private Path directory;

  static Stream<String> models() {
    return FamilyModels.BY_LENGTH.stream();
  }

  private LoadedModel load(String name) {
    return FamilyModels.load(FamilyModels.copyOf(name, directory.resolve(name)));
  }

  private static Score fresh(LoadedModel model, Response response) {
    try (ScoringSession session = ScoringSession.open(model, List.of(PROMPT))) {
      return session.score(List.of(response)).get(0);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aKeptCacheScoresAsAFreshOne(String name) {
    String text = "a strong one, side by side";
    try (LoadedModel model = load(name);
        ScoringSession session = ScoringSession.open(model, List.of(PROMPT))) {
      for (int end = 1; end <= text.length(); end++) {
        List<Response> responses =
            List.of(
                new Response(text.substring(0, end), false),
                new Response(text.substring(0, end), true),
                new Response(text.substring(0, (end + 1) / 2), true));
        List<Score> kept = session.score(responses);
        for (int i = 0; i < kept.size(); i++) {
          Score alone = fresh(model, responses.get(i));
          assertThat(kept.get(i).logProbability())
              .as("response %d of length %d", i, end)
              .isCloseTo(alone.logProbability(), within(TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void eachTokenIsDrawnAsByAFreshRun(String name) {
    ModelDirectory endless = FamilyModels.copyOf(name, directory.resolve(name));
    endless.config("eos_token_id", null).write("tokenizer_config.json", "{}");
    try (LoadedModel model = FamilyModels.load(endless);
        GenerationSession session = new GenerationSession(model, PROMPT, GREEDY, 1, null);
        GenerationSession steps = new GenerationSession(model, PROMPT, GREEDY, 1, null)) {
      Continuation whole = extend(session, session.start(), 12).get(1);
      assertThat(whole.ending()).isEqualTo(Ending.LIMIT);
      Continuation grown = steps.start();
      for (int i = 0; i < 12; i++) {
        grown = extend(steps, grown, 1).get(0);
      }
      assertThat(grown.response().tokens()).isEqualTo(whole.response().tokens());
      assertThat(grown.logProbability()).isCloseTo(whole.logProbability(), within(TOLERANCE));
      assertLikeliest(model, whole);
    }
  }

  private static List<Continuation> extend(
      GenerationSession session, Continuation from, int tokens) {
    return session.extend(List.of(new Extension(from, 2, tokens))).get(0);
  }

  private static void assertLikeliest(LoadedModel model, Continuation drawn) {
    TokenIds prompt = model.encodePrompt(PROMPT);
    TokenIds response = drawn.response().tokens();
    List<Integer> likeliest = new ArrayList<>();
    double nats = 0;
    for (int i = 0; i < response.size(); i++) {
      float[] next = next(model, prompt.plus(response.part(0, i)));
      likeliest.add(
          IntStream.range(0, next.length)
              .reduce((one, other) -> next[other] > next[one] ? other : one)
              .orElseThrow());
      nats += next[response.get(i)];
    }
    assertThat(TokenIds.of(likeliest)).isEqualTo(response);
    assertThat(drawn.logProbability()).isCloseTo(nats, within(TOLERANCE));
  }

  private static float[] next(LoadedModel model, TokenIds text) {
    return model.call(
        () -> {
          try (DecoderSession session = model.newSession()) {
            List<Node> path = session.tree().path(text, model.variant(text.size()));
            session.run(path);
            return session.logSoftmax(path.get(path.size() - 1));
          }
        });
  }
}
