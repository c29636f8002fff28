// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.output.FinishReason;
import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationSessionTest {
  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());

  @TempDir private Path directory;

  static Stream<String> models() {
    return Golden.TINY.stream();
  }

  private static Extension draw(List<Integer> response, int draws, int maxTokens) {
    return new Extension(response, draws, maxTokens);
  }

  private static Continuation one(GenerationSession session, List<Integer> response, int tokens) {
    return session.extend(List.of(draw(response, 1, tokens))).get(0).get(0);
  }

  /** A model that says t1 for ever. */
  private CausalModel sayingT1() {
    return CausalModel.load(KnownLogits.write(directory, 0, 9, 1).toString(), Golden.CPU_FLOAT32);
  }

  private static SamplingParameters greedyUntil(String... stop) {
    return new SamplingParameters(0, 0, 1, List.of(stop));
  }

  @ParameterizedTest
  @MethodSource("models")
  void sameSeedSameTokens(String name) {
    List<Extension> sixteen = List.of(draw(List.of(), 16, 5));
    try (CausalModel model = Golden.model(name);
        GenerationSession first =
            model.openGeneration(Rendered.raw("The mov"), SamplingParameters.DEFAULT, 3);
        GenerationSession second =
            model.openGeneration(Rendered.raw("The mov"), SamplingParameters.DEFAULT, 3);
        GenerationSession other =
            model.openGeneration(Rendered.raw("The mov"), SamplingParameters.DEFAULT, 4)) {
      List<List<Continuation>> drawn = first.extend(sixteen);
      assertThat(drawn).hasSize(1);
      assertThat(drawn.get(0)).hasSize(16);
      assertThat(drawn.get(0).stream().distinct()).hasSizeGreaterThan(8);
      assertThat(second.extend(sixteen)).isEqualTo(drawn);
      assertThat(other.extend(sixteen)).isNotEqualTo(drawn);
      assertThat(model.liveTensors()).isZero();
    }
  }

  @Test
  void oneGoEqualsManySmallOnes() {
    SamplingParameters plain = new SamplingParameters(0.8, 40, 0.95, List.of());
    try (CausalModel model = Golden.model("base");
        GenerationSession whole = model.openGeneration(Rendered.raw("This movie was"), plain, 5);
        GenerationSession pieces = model.openGeneration(Rendered.raw("This movie was"), plain, 5)) {
      Continuation fifty = one(whole, List.of(), 50);
      List<Integer> response = List.of();
      for (int i = 0; i < 10; i++) {
        Continuation next = one(pieces, response, 5);
        assertThat(next.drawn()).isEqualTo(5);
        assertThat(fifty.text()).startsWith(next.text());
        response = next.response();
      }
      assertThat(response).isEqualTo(fifty.response()).hasSize(50);
    }
  }

  /** Beams in a search: some are extended by several draws, some dropped, all in one batch. */
  @ParameterizedTest
  @MethodSource("models")
  void aForgottenResponseGoesOnAsInAFreshSession(String name) {
    try (CausalModel model = Golden.model(name);
        GenerationSession session = model.openGeneration(Rendered.raw("The mov"), GREEDY, 1)) {
      List<Integer> base = one(session, List.of(), 4).response();
      List<Integer> fork = List.of(7, 9);
      session.extend(List.of(draw(fork, 3, 6), draw(List.of(11), 2, 3)));
      List<List<Continuation>> again =
          session.extend(List.of(draw(base, 2, 6), draw(List.of(), 1, 4), draw(fork, 1, 6)));
      for (List<Integer> response : List.of(base, fork)) {
        try (GenerationSession fresh = model.openGeneration(Rendered.raw("The mov"), GREEDY, 1)) {
          Continuation expected = one(fresh, response, 6);
          assertThat(again.get(response.equals(base) ? 0 : 2)).containsOnly(expected);
        }
      }
      assertThat(again.get(1).get(0).response()).isEqualTo(base);
    }
  }

  @Test
  void topKOneIsGreedyWhateverTheSeed() {
    SamplingParameters topOne = new SamplingParameters(3, 1, 1, List.of());
    try (CausalModel model = Golden.model("llama-gqa");
        GenerationSession greedy = model.openGeneration(Rendered.raw("The mov"), GREEDY, 1);
        GenerationSession first = model.openGeneration(Rendered.raw("The mov"), topOne, 1);
        GenerationSession second = model.openGeneration(Rendered.raw("The mov"), topOne, 2)) {
      Continuation expected = one(greedy, List.of(), 20);
      assertThat(one(first, List.of(), 20)).isEqualTo(expected);
      assertThat(one(second, List.of(), 20)).isEqualTo(expected);
    }
  }

  @Test
  void anEosTokenEndsAResponseAndIsNoPartOfIt() {
    KnownLogits.write(directory, 0, 9, 1);
    new ModelDirectory(directory).config("eos_token_id", "[2, 1]");
    try (CausalModel model = CausalModel.load(directory.toString(), Golden.CPU_FLOAT32);
        GenerationSession session = model.openGeneration(Rendered.raw("t0"), GREEDY, 1)) {
      assertThat(one(session, List.of(), 5))
          .isEqualTo(new Continuation(List.of(), "", 1, Ending.END_OF_SEQUENCE));
      assertThat(one(session, List.of(0), 5))
          .isEqualTo(new Continuation(List.of(0), " t0", 1, Ending.END_OF_SEQUENCE));
    }
  }

  @Test
  void aResponseIsCutAtTheLimit() {
    try (CausalModel model = sayingT1();
        GenerationSession session = model.openGeneration(Rendered.raw("t0"), GREEDY, 1)) {
      assertThat(one(session, List.of(), 2))
          .isEqualTo(new Continuation(List.of(1, 1), " t1 t1", 2, Ending.LIMIT));
      assertThat(session.promptTokens()).isEqualTo(1);
    }
  }

  @Test
  void aStopStringEndsAResponseAndIsNoPartOfItsText() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0"), greedyUntil("t2", "1 t"), 1)) {
      assertThat(one(session, List.of(), 5))
          .isEqualTo(new Continuation(List.of(1, 1), " t", 2, Ending.STOP_STRING));
    }
  }

  @Test
  void aStopStringIsSeenAcrossChunks() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0"), greedyUntil("1 t1 t"), 1)) {
      assertThat(one(session, List.of(), 1).text()).isEqualTo(" t1");
      assertThat(one(session, List.of(1), 1).text()).isEqualTo(" t1 t1");
      assertThat(one(session, List.of(1, 1), 4))
          .isEqualTo(new Continuation(List.of(1, 1, 1), " t", 1, Ending.STOP_STRING));
    }
  }

  @Test
  void theFirstOfSeveralStopStringsCuts() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0"), greedyUntil("1", "t", " "), 1)) {
      assertThat(one(session, List.of(), 5))
          .isEqualTo(new Continuation(List.of(1), "", 1, Ending.STOP_STRING));
    }
  }

  @Test
  void aStopStringInThePromptDoesNotCount() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0 t1"), greedyUntil("0", "1 t1 t1"), 1)) {
      assertThat(one(session, List.of(), 3).ending()).isEqualTo(Ending.STOP_STRING);
      assertThat(one(session, List.of(), 3).response()).hasSize(3);
    }
  }

  @Test
  void positionsRunOut() {
    try (CausalModel model = sayingT1();
        GenerationSession session = model.openGeneration(Rendered.raw("t0 t0"), GREEDY, 1)) {
      List<Integer> full = List.of(1, 1, 1, 1, 1, 1); // 8 positions, 2 of them the prompt's
      assertThat(one(session, List.of(), 100))
          .isEqualTo(new Continuation(full, " t1 t1 t1 t1 t1 t1", 6, Ending.POSITIONS));
      assertThat(one(session, List.of(), 6).ending()).isEqualTo(Ending.POSITIONS);
      assertThat(one(session, List.of(), 5).ending()).isEqualTo(Ending.LIMIT);
      assertThat(one(session, full, 1))
          .isEqualTo(new Continuation(full, " t1 t1 t1 t1 t1 t1", 0, Ending.POSITIONS));
      List<Integer> beyond = List.of(1, 1, 1, 1, 1, 1, 1);
      assertThatThrownBy(() -> one(session, beyond, 1))
          .isInstanceOf(PositionLimitException.class)
          .hasMessageContainingAll("9 tokens", "8 positions");
      assertThat(one(session, List.of(), 1).response()).containsExactly(1);
    }
  }

  @Test
  void aPromptThatFillsThePositionsHasNoRoomForAResponse() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0 t0 t0 t0 t0 t0 t0 t0"), GREEDY, 1)) {
      assertThat(one(session, List.of(), 3))
          .isEqualTo(new Continuation(List.of(), "", 0, Ending.POSITIONS));
    }
  }

  /** A random model says random bytes; what it said before a character was whole never changes. */
  @ParameterizedTest
  @MethodSource("byteLevelModels")
  void textsNeverShowUnfinishedCharactersAndOnlyGrow(String name) {
    try (CausalModel model = Golden.model(name)) {
      for (int seed = 0; seed < 5; seed++) {
        try (GenerationSession session =
            model.openGeneration(Rendered.raw("日本 é"), SamplingParameters.DEFAULT, seed)) {
          String before = "";
          Continuation last = one(session, List.of(), 1);
          while (last.ending() == Ending.LIMIT) {
            assertThat(last.text()).startsWith(before).doesNotEndWith("\uFFFD");
            before = last.text();
            last = one(session, last.response(), 1);
          }
        }
      }
    }
  }

  static Stream<String> byteLevelModels() {
    return Stream.of("gpt2-odd", "gpt2-scaled");
  }

  @Test
  void extensionsOutOfRangeAreRefused() {
    for (int[] bad : new int[][] {{0, 1}, {1, 0}, {-1, 5}}) {
      assertThatThrownBy(() -> draw(List.of(), bad[0], bad[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "draws is %d and maxTokens is %d; both must be at least 1".formatted(bad[0], bad[1]));
    }
  }

  /** A token id from elsewhere must not reach native memory. */
  @Test
  void tokensThatTheModelDoesNotHaveAreRefused() {
    try (CausalModel model = sayingT1();
        GenerationSession session = model.openGeneration(Rendered.raw("t0"), GREEDY, 1)) {
      for (int token : new int[] {-1, 3, Integer.MAX_VALUE}) {
        assertThatThrownBy(() -> one(session, List.of(token), 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("token " + token, "3 tokens");
      }
      assertThat(one(session, List.of(), 1).response()).containsExactly(1);
    }
  }

  @Test
  void localLanguageModelContinuesThePrompt() {
    try (CausalModel model = sayingT1()) {
      var response = new LocalLanguageModel(model, GREEDY, 3, 1L).generate("t0 t2");
      assertThat(response.content()).isEqualTo(" t1 t1 t1");
      assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(2);
      assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(3);
      assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(
              new LocalLanguageModel(model, greedyUntil("t1"), 3, null)
                  .generate("t0")
                  .finishReason())
          .isEqualTo(FinishReason.STOP);
      assertThatThrownBy(() -> new LocalLanguageModel(model, GREEDY, 0, null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maxTokens is 0; it must be at least 1");
    }
  }
}
