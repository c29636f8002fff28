// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairSession;
import dev.w2s.model.CausalModel;
import dev.w2s.model.LocalLanguageModel;
import dev.w2s.model.PositionLimitException;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.ScoringSession;
import dev.w2s.prompt.Prompt;
import dev.w2s.search.Budget;
import dev.w2s.search.ScoredCandidate;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.StopReason;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WeakToStrongLanguageModelTest {
  private static final SamplingParameters TOP_50 = new SamplingParameters(0.7, 50, 1, List.of());
  private static final String PROMPT = "This movie was";

  private CausalModel base;
  private GuidancePair positive;
  private LocalLanguageModel local;

  @BeforeAll
  void load() {
    base = CausalModel.load("embedded:movie-reviews/base");
    positive = GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
    local = new LocalLanguageModel(base, TOP_50, 30, 11L);
  }

  @AfterAll
  void close() {
    base.close();
    positive.close();
  }

  private WeakToStrongLanguageModelBuilder guided(LanguageModel delegate) {
    return WeakToStrongLanguageModel.builder()
        .delegate(delegate)
        .pair(positive)
        .beamWidth(2)
        .successors(2)
        .chunkLength(5)
        .maxTokens(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 7, SearchSettings.UNLIMITED})
  void oneHypothesisWithOneSuccessorIsPlainSampling(int chunkLength) {
    WeakToStrongLanguageModel plain =
        WeakToStrongLanguageModel.builder()
            .delegate(local)
            .beamWidth(1)
            .successors(1)
            .chunkLength(chunkLength)
            .build();
    for (String prompt : List.of(PROMPT, "The acting", "I")) {
      assertThat(plain.generate(prompt).content()).isEqualTo(local.generate(prompt).content());
    }
    assertThat(plain.search(PROMPT).usage().scoredTokens()).isZero();
  }

  @Test
  void theSameSeedGivesTheSameText() {
    WeakToStrongLanguageModel model = guided(local).seed(3).build();
    assertThat(model.search(PROMPT).hypotheses()).isEqualTo(model.search(PROMPT).hypotheses());
    assertThat(guided(local).seed(4).build().generate(PROMPT).content())
        .isNotEqualTo(model.generate(PROMPT).content());
  }

  /** What the search says of its hypotheses is what the pair says of their texts. */
  @Test
  void everyHypothesisCarriesItsOwnScore() {
    SearchResult result = guided(local).beamWidth(3).build().search(PROMPT);
    try (PairSession session = positive.open(Prompt.of(PROMPT))) {
      for (ScoredCandidate hypothesis : result.hypotheses()) {
        ScoringSession.Response response =
            new ScoringSession.Response(
                hypothesis.candidate().text(), hypothesis.candidate().ended());
        assertThat(hypothesis.score())
            .isCloseTo(session.score(List.of(response)).get(0).logRatio(), within(1e-4));
      }
    }
    assertThat(result.hypotheses())
        .extracting(ScoredCandidate::score)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void aGuidedResponseScoresHigherThanAnUnguidedOneOnAverage() {
    double gain = 0;
    for (String prompt : List.of(PROMPT, "The acting", "I watched this", "Okay, I")) {
      double guided =
          guided(local).beamWidth(4).successors(4).build().search(prompt).best().score();
      String plain = new LocalLanguageModel(base, TOP_50, 20, 11L).generate(prompt).content();
      try (PairSession session = positive.open(Prompt.of(prompt))) {
        gain +=
            guided
                - session
                    .score(List.of(new ScoringSession.Response(plain, false)))
                    .get(0)
                    .logRatio();
      }
    }
    assertThat(gain / 4).as("mean gain, nats").isGreaterThan(2);
  }

  @Test
  void theResponseTellsTokensReasonScoreAndRounds() {
    Response<String> response = guided(local).build().generate(PROMPT);
    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(4, 80)); // 4 draws of 20 tokens
    assertThat(response.metadata())
        .containsEntry("w2s.stopReason", "TOKEN_LIMIT")
        .containsEntry("w2s.rounds", 4)
        .containsKey("w2s.score");
  }

  @Test
  void aLocalDelegatesOwnLimitHoldsByDefault() {
    WeakToStrongLanguageModel model =
        WeakToStrongLanguageModel.builder().delegate(local).pair(positive).build();
    assertThat(model.search(PROMPT).best().candidate().tokens()).isLessThanOrEqualTo(30);
  }

  /** Any model will do: here one that a map of texts could be, in place of a remote one. */
  @Test
  void anyLanguageModelIsCutAndGuided() {
    Set<String> prompts = ConcurrentHashMap.newKeySet();
    LanguageModel remote =
        prompt -> {
          prompts.add(prompt);
          boolean first = prompt.endsWith(PROMPT);
          String answer = first ? " wonderful and I loved every minute" : " of it. The end";
          return Response.from(answer, new TokenUsage(10, 8), FinishReason.STOP);
        };
    WeakToStrongLanguageModel model =
        guided(remote).promptTemplate("Here is a movie review: {{prompt}}").build();
    Response<String> response = model.generate(PROMPT);
    assertThat(prompts).allMatch(p -> p.startsWith("Here is a movie review: " + PROMPT));
    assertThat(response.content()).startsWith(" wonderful");
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    // W * K calls in round one, K for the one distinct hypothesis then.
    assertThat(Objects.requireNonNull(response.tokenUsage()).inputTokenCount()).isEqualTo(60);
  }

  @Test
  void afterTheFirstRoundAFailingDelegateCostsNotTheResponse() {
    LanguageModel failing =
        prompt -> {
          if (prompt.endsWith(PROMPT)) {
            return Response.from(" a great movie about the end of all things");
          }
          throw new IllegalStateException("503");
        };
    SearchResult result = guided(failing).build().search(PROMPT);
    assertThat(result.stopReason()).isEqualTo(StopReason.FAILED);
    assertThat(result.failure()).hasMessage("503");
    assertThat(guided(failing).build().generate(PROMPT).finishReason())
        .isEqualTo(FinishReason.OTHER);
    LanguageModel broken =
        prompt -> {
          throw new IllegalStateException("401");
        };
    assertThatThrownBy(() -> guided(broken).build().generate(PROMPT)).hasMessage("401");
  }

  @Test
  void positionsThatRunOutEndTheSearchWithTheBestSoFar() {
    String prompt = "It was very" + " very".repeat(480);
    SearchResult result = guided(local).maxTokens(400).build().search(prompt);
    assertThat(result.stopReason()).isEqualTo(StopReason.POSITIONS);
    assertThat(result.best().candidate().text()).isNotEmpty();
    assertThat(guided(local).maxTokens(400).build().generate(prompt).finishReason())
        .isEqualTo(FinishReason.LENGTH);
    assertThatThrownBy(() -> guided(local).build().generate("very ".repeat(600)))
        .isInstanceOf(PositionLimitException.class)
        .hasMessageContaining("512 positions");
  }

  @Test
  void aBudgetStopsTheSearch() {
    SearchResult result = guided(local).budget(Budget.none().withTokens(25)).build().search(PROMPT);
    assertThat(result.stopReason()).isEqualTo(StopReason.TOKEN_BUDGET);
    assertThat(result.rounds()).hasSize(2);
  }

  @Test
  void argumentsAreCheckedAndNamed() {
    LanguageModel remote = prompt -> Response.from("x");
    assertRefused(() -> guided(local).beamWidth(0), "beamWidth is 0");
    assertRefused(() -> guided(local).successors(-1), "successors is -1");
    assertRefused(() -> guided(local).chunkLength(0), "chunkLength is 0");
    assertRefused(() -> guided(local).maxTokens(0), "maxTokens is 0");
    assertRefused(() -> guided(local).beamWidth(64).successors(64), "64 * 64");
    assertRefused(() -> guided(local).temperature(-1).build(), "temperature is -1.0");
    assertRefused(() -> guided(local).topK(-1).build(), "topK is -1");
    assertRefused(() -> guided(local).topP(0).build(), "topP is 0.0");
    assertRefused(() -> guided(local).stop(List.of("")).build(), "stop");
    assertRefused(() -> guided(local).concurrency(0), "concurrency is 0");
    assertRefused(() -> guided(local).promptTemplate("{{other}}"), "{{prompt}}");
    assertRefused(() -> guided(remote).temperature(1).build(), "temperature is 1.0");
    assertRefused(() -> WeakToStrongLanguageModel.builder().build(), "delegate is missing");
    assertRefused(
        () -> WeakToStrongLanguageModel.builder().delegate(local).build(), "pair is missing");
    assertRefused(() -> guided(local).build().generate(""), "prompt is empty");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
