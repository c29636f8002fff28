// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.text.DecodedResponse;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationSessionTest {
  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());

  /** Some of them a random model says now and then. */
  private static final List<String> STOPS = List.of("e", "th", "aab", " t", "in ", "ov", "the end");

  @TempDir private Path directory;

  static Stream<String> models() {
    return Golden.TINY.stream();
  }

  private static Continuation one(GenerationSession session, Continuation from, int tokens) {
    return session.extend(List.of(new Extension(from, 1, tokens))).get(0).get(0);
  }

  private static Continuation one(GenerationSession session, TokenIds from, int tokens) {
    return one(session, session.take(from), tokens);
  }

  /** The first one. */
  private static Continuation one(GenerationSession session, int tokens) {
    return one(session, session.start(), tokens);
  }

  private static void assertDrawn(
      Continuation continuation, TokenIds response, String text, int drawn, Ending ending) {
    assertThat(continuation.response().tokens()).isEqualTo(response);
    assertThat(continuation.text()).isEqualTo(text);
    assertThat(continuation.heldBack()).isEmpty();
    assertThat(continuation.drawn()).isEqualTo(drawn);
    assertThat(continuation.ending()).isEqualTo(ending);
  }

  private static List<List<Continuation>> sixteen(GenerationSession session) {
    return session.extend(List.of(new Extension(session.start(), 16, 5)));
  }

  /** A model that says t1 for ever. */
  private CausalModel sayingT1() {
    return CausalModel.load(KnownLogits.write(directory, 0, 9, 1).toString(), Golden.CPU_FLOAT32);
  }

  private static SamplingParameters greedyUntil(String... stop) {
    return new SamplingParameters(0, 0, 1, List.of(stop));
  }

  /** By hand: the logits are the same after any text, so each token adds its log-softmax. */
  @Test
  void logProbabilitiesAddUpToTheEndIncluded() {
    double[] nats = {-2.4076, -1.4076, -0.4076}; // log softmax of 1, 2, 3
    KnownLogits.writeWithPositions(directory, 64, 1, 2, 3);
    new ModelDirectory(directory).write("generation_config.json", "{\"eos_token_id\": 0}");
    SamplingParameters sampling = new SamplingParameters(0.7, 0, 0.99, List.of());
    try (CausalModel model = CausalModel.load(directory.toString(), Golden.CPU_FLOAT32);
        GenerationSession session = model.openGeneration(Rendered.raw("t1"), sampling, 7)) {
      List<Continuation> first =
          session.extend(List.of(new Extension(session.start(), 8, 3))).get(0);
      List<Extension> open =
          first.stream()
              .filter(continuation -> continuation.ending() == Ending.LIMIT)
              .map(continuation -> new Extension(continuation, 4, 20))
              .toList();
      List<Continuation> longer = session.extend(open).stream().flatMap(List::stream).toList();
      List<Continuation> all = Stream.concat(first.stream(), longer.stream()).toList();
      assertThat(all).extracting(Continuation::ending).contains(Ending.END_OF_SEQUENCE);
      assertThat(all)
          .allSatisfy(
              drawn -> {
                double sum = drawn.response().tokens().stream().mapToDouble(t -> nats[t]).sum();
                double end = drawn.ending() == Ending.END_OF_SEQUENCE ? nats[0] : 0;
                assertThat(drawn.logProbability()).isCloseTo(sum + end, within(1e-2));
              });
      Continuation given = one(session, session.take("t2"), 3);
      assertThat(given.logProbability()).isNaN();
    }
  }

  /** Drawn is drawn: the layers fail on what the first step has said. */
  @Test
  void tokensDrawnBeforeAFailureAreCounted() {
    new ModelDirectory(KnownLogits.write(directory, 0, 9, 1))
        .weights(
            w ->
                w.change("wte.weight", t -> t.with(1, 3e38f))
                    .change("wpe.weight", t -> t.with(1, 3e38f)));
    try (CausalModel model = CausalModel.load(directory.toString(), Golden.CPU_FLOAT32);
        GenerationSession session = model.openGeneration(Rendered.raw("t0"), GREEDY, 1)) {
      assertThatThrownBy(() -> sixteen(session)).hasMessageContaining("logits are not finite");
      assertThat(session.tokensDrawn()).isEqualTo(16);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void sameSeedSameTokens(String name) {
    try (CausalModel model = Golden.model(name);
        GenerationSession first =
            model.openGeneration(Rendered.raw("The mov"), SamplingParameters.DEFAULT, 3);
        GenerationSession second =
            model.openGeneration(Rendered.raw("The mov"), SamplingParameters.DEFAULT, 3);
        GenerationSession other =
            model.openGeneration(Rendered.raw("The mov"), SamplingParameters.DEFAULT, 4)) {
      List<List<Continuation>> drawn = sixteen(first);
      assertThat(drawn).hasSize(1);
      assertThat(drawn.get(0)).hasSize(16);
      assertThat(drawn.get(0).stream().distinct()).hasSizeGreaterThan(8);
      assertThat(sixteen(second)).isEqualTo(drawn);
      assertThat(sixteen(other)).isNotEqualTo(drawn);
      assertThat(model.liveTensors()).isZero();
    }
  }

  @Test
  void oneGoEqualsManySmallOnes() {
    SamplingParameters plain = new SamplingParameters(0.8, 40, 0.95, List.of());
    try (CausalModel model = Golden.model("base");
        GenerationSession whole = model.openGeneration(Rendered.raw("This movie was"), plain, 5);
        GenerationSession pieces = model.openGeneration(Rendered.raw("This movie was"), plain, 5)) {
      Continuation fifty = one(whole, 50);
      Continuation next = pieces.start();
      for (int i = 0; i < 10; i++) {
        next = one(pieces, next, 5);
        assertThat(next.drawn()).isEqualTo(5);
        assertThat(fifty.text()).startsWith(next.text());
      }
      assertThat(next.response()).isEqualTo(fifty.response());
      assertThat(next.response().tokens().size()).isEqualTo(50);
    }
  }

  /** Beams in a search: some are extended by several draws, some dropped, all in one batch. */
  @ParameterizedTest
  @MethodSource("models")
  void aForgottenResponseGoesOnAsInAFreshSession(String name) {
    try (CausalModel model = Golden.model(name);
        GenerationSession session = model.openGeneration(Rendered.raw("The mov"), GREEDY, 1)) {
      Continuation base = one(session, 4);
      Continuation fork = session.take(TokenIds.of(7, 9));
      Continuation other = session.take(TokenIds.of(11));
      session.extend(List.of(new Extension(fork, 3, 6), new Extension(other, 2, 3)));
      List<List<Continuation>> again =
          session.extend(
              List.of(
                  new Extension(base, 2, 6),
                  new Extension(session.start(), 1, 4),
                  new Extension(fork, 1, 6)));
      for (Continuation response : List.of(base, fork)) {
        try (GenerationSession fresh = model.openGeneration(Rendered.raw("The mov"), GREEDY, 1)) {
          Continuation expected = one(fresh, response, 6);
          assertThat(again.get(response.equals(base) ? 0 : 2))
              .isNotEmpty()
              .allSatisfy(drawn -> assertAlike(drawn, expected));
        }
      }
      assertAlike(again.get(1).get(0), base);
    }
  }

  /** Other rows of a batch change the rounding of a log-probability, and nothing else. */
  private static void assertAlike(Continuation actual, Continuation expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .withComparatorForFields(closeTo(1e-4), "logProbability")
        .isEqualTo(expected);
  }

  private static Comparator<Double> closeTo(double tolerance) {
    return (a, b) -> a.equals(b) || Math.abs(a - b) < tolerance ? 0 : Double.compare(a, b);
  }

  @Test
  void topKOneIsGreedyWhateverTheSeed() {
    SamplingParameters topOne = new SamplingParameters(3, 1, 1, List.of());
    try (CausalModel model = Golden.model("llama-gqa");
        GenerationSession greedy = model.openGeneration(Rendered.raw("The mov"), GREEDY, 1);
        GenerationSession first = model.openGeneration(Rendered.raw("The mov"), topOne, 1);
        GenerationSession second = model.openGeneration(Rendered.raw("The mov"), topOne, 2)) {
      Continuation expected = one(greedy, 20);
      assertThat(one(first, 20)).isEqualTo(expected);
      assertThat(one(second, 20)).isEqualTo(expected);
    }
  }

  @Test
  void anEosTokenEndsAResponseAndIsNoPartOfIt() {
    KnownLogits.write(directory, 0, 9, 1);
    new ModelDirectory(directory).config("eos_token_id", "[2, 1]");
    try (CausalModel model = CausalModel.load(directory.toString(), Golden.CPU_FLOAT32);
        GenerationSession session = model.openGeneration(Rendered.raw("t0"), GREEDY, 1)) {
      assertDrawn(one(session, 5), TokenIds.none(), "", 1, Ending.END_OF_SEQUENCE);
      assertDrawn(
          one(session, TokenIds.of(0), 5), TokenIds.of(0), " t0", 1, Ending.END_OF_SEQUENCE);
    }
  }

  @Test
  void aResponseIsCutAtTheLimit() {
    try (CausalModel model = sayingT1();
        GenerationSession session = model.openGeneration(Rendered.raw("t0"), GREEDY, 1)) {
      assertDrawn(one(session, 2), TokenIds.of(1, 1), " t1 t1", 2, Ending.LIMIT);
      assertThat(session.promptTokens()).isEqualTo(1);
    }
  }

  @Test
  void aStopStringEndsAResponseAndIsNoPartOfItsText() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0"), greedyUntil("t2", "1 t"), 1)) {
      assertDrawn(one(session, 5), TokenIds.of(1, 1), " t", 2, Ending.STOP_STRING);
    }
  }

  /** What may be its beginning is held back, and is no part of the text when it was one. */
  @Test
  void aStopStringIsSeenAcrossChunks() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0"), greedyUntil("1 t1 t"), 1)) {
      Continuation first = one(session, 1);
      assertThat(first.text()).isEqualTo(" t");
      assertThat(first.heldBack()).isEqualTo("1");
      Continuation second = one(session, first, 1);
      assertThat(second.text()).isEqualTo(" t");
      assertThat(second.heldBack()).isEqualTo("1 t1");
      assertThat(second.wholeText()).isEqualTo(" t1 t1");
      assertDrawn(one(session, second, 4), TokenIds.of(1, 1, 1), " t", 1, Ending.STOP_STRING);
      // The same from elsewhere.
      assertThat(session.take(" t1 t1").heldBack()).isEqualTo("1 t1");
      assertDrawn(
          one(session, session.take(" t1 t1"), 4),
          TokenIds.of(1, 1, 1),
          " t",
          1,
          Ending.STOP_STRING);
    }
  }

  @Test
  void whatIsHeldBackComesOutWhenTheResponseGoesOnOrEnds() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0"), greedyUntil("t1 t2", "1 t1 t1 t0"), 1)) {
      Continuation first = one(session, 2);
      assertThat(first.text()).isEqualTo(" t");
      assertThat(first.heldBack()).isEqualTo("1 t1");
      Continuation second = one(session, first, 2);
      assertThat(second.text()).isEqualTo(" t1 t");
      assertThat(second.heldBack()).isEqualTo("1 t1 t1");
      Continuation last = one(session, second, 100);
      assertDrawn(
          last, TokenIds.of(1, 1, 1, 1, 1, 1, 1), " t1 t1 t1 t1 t1 t1 t1", 3, Ending.POSITIONS);
    }
  }

  /** Chunks of any length, ends of any kind: a text that is shown stays, and all of it comes. */
  @ParameterizedTest
  @MethodSource("models")
  void withStopStringsTextsOnlyGrowToTheTextOfOneGo(String name) {
    try (CausalModel model = Golden.model(name)) {
      int held = 0;
      int stopped = 0;
      for (int seed = 0; seed < 30; seed++) {
        SamplingParameters sampling =
            new SamplingParameters(1, 0, 1, List.of(STOPS.get(seed % 5), STOPS.get(seed % 7)));
        try (GenerationSession whole = model.openGeneration(Rendered.raw("a"), sampling, seed);
            GenerationSession pieces = model.openGeneration(Rendered.raw("a"), sampling, seed)) {
          Continuation expected = one(whole, 40);
          Continuation next = pieces.start();
          int drawn = 0;
          do {
            Continuation before = next;
            next = one(pieces, before, Math.min(1 + seed % 3, 40 - drawn));
            drawn += next.drawn();
            held += next.heldBack().isEmpty() ? 0 : 1;
            assertThat(next.text()).startsWith(before.text());
          } while (next.ending() == Ending.LIMIT && drawn < 40);
          assertThat(next.response()).isEqualTo(expected.response());
          assertThat(next.ending()).isEqualTo(expected.ending());
          assertThat(next.wholeText()).isEqualTo(expected.wholeText());
          stopped += next.ending() == Ending.STOP_STRING ? 1 : 0;
          String all = next.response().wholeText();
          int end = new StopStrings(sampling.stop()).firstIn(all, 0);
          assertThat(end >= 0).isEqualTo(next.ending() == Ending.STOP_STRING);
          if (end >= 0) {
            assertThat(next.text()).isEqualTo(all.substring(0, end));
          }
        }
      }
      assertThat(held).isPositive();
      assertThat(stopped).isPositive();
    }
  }

  @Test
  void theFirstOfSeveralStopStringsCuts() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0"), greedyUntil("1", "t", " "), 1)) {
      assertDrawn(one(session, 5), TokenIds.of(1), "", 1, Ending.STOP_STRING);
    }
  }

  @Test
  void aStopStringInThePromptDoesNotCount() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0 t1"), greedyUntil("0", "1 t1 t1"), 1)) {
      assertThat(one(session, 3).ending()).isEqualTo(Ending.STOP_STRING);
      assertThat(one(session, 3).response().tokens().size()).isEqualTo(3);
    }
  }

  @Test
  void positionsRunOut() {
    try (CausalModel model = sayingT1();
        GenerationSession session = model.openGeneration(Rendered.raw("t0 t0"), GREEDY, 1)) {
      TokenIds full = TokenIds.of(1, 1, 1, 1, 1, 1); // 8 positions, 2 of them the prompt's
      assertDrawn(one(session, 100), full, " t1 t1 t1 t1 t1 t1", 6, Ending.POSITIONS);
      assertThat(one(session, 6).ending()).isEqualTo(Ending.POSITIONS);
      assertThat(one(session, 5).ending()).isEqualTo(Ending.LIMIT);
      assertDrawn(one(session, full, 1), full, " t1 t1 t1 t1 t1 t1", 0, Ending.POSITIONS);
      TokenIds beyond = TokenIds.of(1, 1, 1, 1, 1, 1, 1);
      assertThatThrownBy(() -> one(session, beyond, 1))
          .isInstanceOf(PositionLimitException.class)
          .hasMessageContainingAll("9 tokens", "8 positions");
      assertThat(one(session, 1).response().tokens()).isEqualTo(TokenIds.of(1));
    }
  }

  @Test
  void aPromptThatFillsThePositionsHasNoRoomForAResponse() {
    try (CausalModel model = sayingT1();
        GenerationSession session =
            model.openGeneration(Rendered.raw("t0 t0 t0 t0 t0 t0 t0 t0"), GREEDY, 1)) {
      assertDrawn(one(session, 3), TokenIds.none(), "", 0, Ending.POSITIONS);
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
          Continuation last = one(session, 1);
          while (last.ending() == Ending.LIMIT) {
            assertThat(last.text()).startsWith(before).doesNotEndWith("\uFFFD");
            before = last.text();
            last = one(session, last, 1);
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
    Continuation start = new Continuation(DecodedResponse.EMPTY, "", "", 0, 0, Ending.LIMIT);
    for (int[] bad : new int[][] {{0, 1}, {1, 0}, {-1, 5}}) {
      assertThatThrownBy(() -> new Extension(start, bad[0], bad[1]))
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
        assertThatThrownBy(() -> one(session, TokenIds.of(token), 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("token " + token, "3 tokens");
      }
      assertThat(one(session, 1).response().tokens()).isEqualTo(TokenIds.of(1));
    }
  }
}
