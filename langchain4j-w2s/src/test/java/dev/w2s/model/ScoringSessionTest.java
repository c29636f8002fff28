// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.ScoringSession.Score;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cache changes no score: what a session knows from before equals what is run afresh. */
class ScoringSessionTest {
  /** Nats a sequence; the sums run in another order. */
  private static final double TOLERANCE = 1e-4;

  private static final String PROMPT = "The mov";

  static Stream<String> models() {
    return Golden.TINY.stream();
  }

  private static Response open(String text) {
    return new Response(text, false);
  }

  private static Response ended(String text) {
    return new Response(text, true);
  }

  private static Score fresh(CausalModel model, String prompt, Response response) {
    try (ScoringSession session = model.openScoring(Rendered.raw(prompt))) {
      return session.score(List.of(response)).get(0);
    }
  }

  private static void assertFresh(
      CausalModel model, String prompt, ScoringSession session, List<Response> responses) {
    List<Score> scores = session.score(responses);
    assertThat(scores).hasSameSizeAs(responses);
    for (int i = 0; i < scores.size(); i++) {
      Score expected = fresh(model, prompt, responses.get(i));
      assertThat(scores.get(i).tokens()).isEqualTo(expected.tokens());
      assertThat(scores.get(i).logProbability())
          .as("%s", responses.get(i))
          .isCloseTo(expected.logProbability(), within(TOLERANCE));
    }
    assertThat(model.liveTensors()).isZero();
  }

  /** At "mov|ie" and at others the tokens of the prompt's end change with the response. */
  @ParameterizedTest
  @MethodSource("models")
  void aGrowingResponseEqualsFreshSessions(String name) {
    String response = "ie was moving, and the story \n is another matter. é 😀";
    try (CausalModel model = Golden.model(name);
        ScoringSession session = model.openScoring(Rendered.raw(PROMPT))) {
      for (int end = 0; end <= response.length(); end++) {
        if (model.tokenizer().encode(PROMPT + response.substring(0, end), true).size()
            < model.summary().positions()) {
          assertFresh(model, PROMPT, session, List.of(open(response.substring(0, end))));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void forksAndDroppedHypothesesEqualFreshSessions(String name) {
    try (CausalModel model = Golden.model(name);
        ScoringSession session = model.openScoring(Rendered.raw(PROMPT))) {
      List<List<Response>> rounds =
          List.of(
              List.of(open(""), open("ie"), open("e"), open("ing ")),
              List.of(open("ie was"), open("ie is"), open("ement"), ended("e")),
              List.of(open("ie was the"), ended("ie was"), open("ie was a"), ended("e")),
              List.of(open("ing to"), ended("ing ")), // dropped two rounds ago
              List.of(open("ie was the")),
              List.of(ended("ie was the"), open("ie was the end")));
      rounds.forEach(round -> assertFresh(model, PROMPT, session, round));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void randomTextsEqualFreshSessions(String name) {
    SplittableRandom random = new SplittableRandom(7);
    List<String> pieces =
        List.of("mov", "ie", " ", "  ", "\n", "the", " The", "é", "😀", "日", "<", "'s", "\u0301");
    try (CausalModel model = Golden.model(name);
        ScoringSession session = model.openScoring(Rendered.raw("I "))) {
      List<String> texts = new ArrayList<>(List.of("", ""));
      for (int round = 0; round < 6; round++) {
        List<Response> responses = new ArrayList<>();
        for (String text : texts) {
          for (int i = 0; i < 2; i++) {
            String longer = text + pieces.get(random.nextInt(pieces.size()));
            responses.add(new Response(longer, random.nextBoolean()));
          }
        }
        assertFresh(model, "I ", session, responses);
        texts =
            IntStream.range(0, 2)
                .mapToObj(i -> responses.get(random.nextInt(responses.size())).text())
                .toList();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void orderBatchAndRepetitionChangeNothing(String name) {
    List<Response> responses =
        List.of(
            open("ie"), ended("ie"), open("ie was"), open("e"), open(""), ended(""), open("ie"));
    List<Response> reversed = new ArrayList<>(responses);
    Collections.reverse(reversed);
    try (CausalModel model = Golden.model(name);
        ScoringSession session = model.openScoring(Rendered.raw(PROMPT));
        ScoringSession other = model.openScoring(Rendered.raw(PROMPT))) {
      List<Score> scores = session.score(responses);
      assertThat(session.score(responses)).isEqualTo(scores);
      assertThat(scores.get(6)).isEqualTo(scores.get(0));
      List<Score> backwards = new ArrayList<>(other.score(reversed));
      Collections.reverse(backwards);
      for (int i = 0; i < scores.size(); i++) {
        assertThat(backwards.get(i).tokens()).isEqualTo(scores.get(i).tokens());
        assertThat(backwards.get(i).logProbability())
            .isCloseTo(scores.get(i).logProbability(), within(TOLERANCE));
      }
      assertFresh(model, PROMPT, other, responses);
    }
  }

  @Test
  void anEndedResponseHasOneMoreTokenThanACutOne() {
    try (CausalModel model = Golden.model("llama-gqa");
        ScoringSession session = model.openScoring(Rendered.raw(PROMPT))) {
      List<Score> scores = session.score(List.of(open("ie"), ended("ie")));
      assertThat(scores.get(1).tokens()).isEqualTo(scores.get(0).tokens() + 1);
      assertThat(scores.get(1).logProbability()).isLessThan(scores.get(0).logProbability());
    }
  }

  @Test
  void anEmptyCutResponseScoresNothing() {
    try (CausalModel model = Golden.model("gpt2-odd");
        ScoringSession session = model.openScoring(Rendered.raw(PROMPT))) {
      assertThat(session.score(List.of(open("")))).containsExactly(new Score(0, 0));
      assertThat(session.score(List.of())).isEmpty();
      assertThat(session.tokensRun()).isZero();
    }
  }

  /** What is known is not run again, and what is shared is run once. */
  @Test
  void onlyNewTokensAreRun() {
    try (CausalModel model = Golden.model("base");
        ScoringSession session = model.openScoring(Rendered.raw("This movie was"))) {
      int prompt = model.tokenizer().encode("This movie was", true).size();
      session.score(List.of(open(" great")));
      assertThat(session.tokensRun())
          .as("all but the last, which is only scored")
          .isEqualTo(prompt);
      session.score(List.of(open(" great"), open(" dull"), open(" great")));
      assertThat(session.tokensRun()).isEqualTo(prompt);
      session.score(List.of(ended(" great"), ended(" dull")));
      assertThat(session.tokensRun()).isEqualTo(prompt + 2);
    }
  }

  @Test
  void sessionsBesideEachOtherTokenizeOnceAndScoreAsByThemselves() {
    List<Response> responses = List.of(open(" great"), ended(" dull"), open(" great and long"));
    try (CausalModel tuned = Golden.model("tuned");
        CausalModel untuned = Golden.model("untuned");
        ScoringSession first = tuned.openScoring(Rendered.raw("This movie was"));
        ScoringSession second = untuned.openScoring(Rendered.raw("This movie was"), first);
        ScoringSession otherPrompt = untuned.openScoring(Rendered.raw("I"), first)) {
      first.score(responses);
      long tokenized = first.charactersTokenized();
      assertFresh(untuned, "This movie was", second, responses);
      assertThat(first.charactersTokenized()).isEqualTo(tokenized).isPositive();
      assertFresh(untuned, "I", otherPrompt, List.of(open(" think")));
    }
  }

  @Test
  void sessionsOfOtherTokenizersTokenizeByThemselves() {
    try (CausalModel gpt2 = Golden.model("gpt2-odd");
        CausalModel llama = Golden.model("llama-old-style");
        ScoringSession first = gpt2.openScoring(Rendered.raw(PROMPT));
        ScoringSession second = llama.openScoring(Rendered.raw(PROMPT), first)) {
      first.score(List.of(open("ie")));
      assertFresh(llama, PROMPT, second, List.of(open("ie"), open("ing ")));
    }
  }

  @Test
  void responsesThatAreTooLongAreTold() {
    try (CausalModel model = Golden.model("gpt2-odd");
        ScoringSession session = model.openScoring(Rendered.raw("x"))) {
      String full = "x".repeat(47); // 48 positions, and this tokenizer puts no token in front
      assertThat(session.fit(List.of(open(full), ended(full), open(full + "x"), open(""))))
          .containsExactly(true, false, false, true);
    }
  }

  @Test
  void responsesBeyondThePositionsAreRefusedAndTheSessionGoesOn() {
    try (CausalModel model = Golden.model("gpt2-odd");
        ScoringSession session = model.openScoring(Rendered.raw("x"))) {
      String full = "x".repeat(47); // 48 positions, and this tokenizer puts no token in front
      assertThat(session.score(List.of(open(full))).get(0).tokens()).isEqualTo(47);
      for (Response response : List.of(ended(full), open(full + "x"))) {
        assertThatThrownBy(() -> session.score(List.of(open("x"), response)))
            .isInstanceOf(PositionLimitException.class)
            .hasMessageContainingAll("prompt and response has 49 tokens", "48 positions");
      }
      assertFresh(model, "x", session, List.of(open("xx"), open(full)));
    }
  }

  @Test
  void promptsBeyondThePositionsAreRefused() {
    try (CausalModel model = Golden.model("gpt2-odd")) {
      model.openScoring(Rendered.raw("x".repeat(48))).close();
      assertThatThrownBy(() -> model.openScoring(Rendered.raw("x".repeat(49))))
          .isInstanceOf(PositionLimitException.class)
          .hasMessageContainingAll("prompt has 49 tokens", "48 positions");
      assertThatThrownBy(
              () ->
                  model.openGeneration(Rendered.raw("x".repeat(49)), SamplingParameters.DEFAULT, 1))
          .isInstanceOf(PositionLimitException.class);
    }
  }

  /** Longer than one block of a run, and than the cache is at first. */
  @Test
  void aLongTextEqualsItselfInPieces() {
    String text = " and it was the best movie of the year".repeat(12);
    try (CausalModel model = Golden.model("untuned");
        ScoringSession whole = model.openScoring(Rendered.raw("I"));
        ScoringSession grown = model.openScoring(Rendered.raw("I"))) {
      for (int end = 50; end < text.length(); end += 50) {
        grown.score(List.of(open(text.substring(0, end))));
      }
      assertThat(grown.score(List.of(open(text))).get(0).logProbability())
          .isCloseTo(
              whole.score(List.of(open(text))).get(0).logProbability(), within(5 * TOLERANCE));
    }
  }
}
