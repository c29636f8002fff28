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
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.PairSession;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.PositionLimitException;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.ScoringSession;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.ChunkCutter;
import dev.w2s.sampling.LanguageModelOptions;
import dev.w2s.sampling.LargeModel;
import dev.w2s.sampling.SamplingRequest;
import dev.w2s.search.Budget;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.ChunkBeam;
import dev.w2s.search.Guard;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SearchMethod;
import dev.w2s.search.SearchResult;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.SearchStrategy;
import dev.w2s.search.StopReason;
import dev.w2s.search.Trace;
import dev.w2s.search.guard.TrustRegion;
import java.util.Iterator;
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
  private static final LanguageModelOptions OPTIONS =
      new LanguageModelOptions(PromptFormat.raw(), null, null, null);

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

  private WeakToStrongLanguageModel.Builder guided(LanguageModel delegate) {
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
    WeakToStrongLanguageModel model = guided(local).seed(3L).build();
    assertThat(model.search(PROMPT).hypotheses()).isEqualTo(model.search(PROMPT).hypotheses());
    assertThat(guided(local).seed(4L).build().generate(PROMPT).content())
        .isNotEqualTo(model.generate(PROMPT).content());
  }

  /** What the search says of its hypotheses is what the pair says of their texts. */
  @Test
  void everyHypothesisCarriesItsOwnScore() {
    SearchResult result = guided(local).beamWidth(3).build().search(PROMPT);
    try (PairSession session = positive.openSession(Prompt.of(PROMPT))) {
      for (Hypothesis hypothesis : result.hypotheses()) {
        ScoringSession.Response response =
            new ScoringSession.Response(
                hypothesis.candidate().text(), hypothesis.candidate().ended());
        assertThat(hypothesis.score())
            .isCloseTo(session.score(List.of(response)).get(0).logRatio(), within(1e-4));
      }
    }
    assertThat(result.hypotheses())
        .extracting(Hypothesis::score)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void aGuidedResponseScoresHigherThanAnUnguidedOneOnAverage() {
    double gain = 0;
    for (String prompt : List.of(PROMPT, "The acting", "I watched this", "Okay, I")) {
      double guided =
          guided(local).beamWidth(4).successors(4).build().search(prompt).best().score();
      String plain = new LocalLanguageModel(base, TOP_50, 20, 11L).generate(prompt).content();
      try (PairSession session = positive.openSession(Prompt.of(prompt))) {
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
    assertThat(result.stopReason()).isEqualTo(StopReason.OUT_OF_POSITIONS);
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
    assertThat(result.rounds()).isEqualTo(2);
  }

  @Test
  void argumentsAreCheckedAndNamed() {
    LanguageModel remote = prompt -> Response.from("x");
    assertRefused(guided(local).beamWidth(0), "beamWidth is 0");
    assertRefused(guided(local).successors(-1), "successors is -1");
    assertRefused(guided(local).chunkLength(0), "chunkLength is 0");
    assertRefused(guided(local).maxTokens(0), "maxTokens is 0");
    assertRefused(guided(local).beamWidth(64).successors(64), "64 * 64");
    assertRefused(guided(local).temperature(-1.0), "temperature is -1.0");
    assertRefused(guided(local).topK(-1), "topK is -1");
    assertRefused(guided(local).topP(0.0), "topP is 0.0");
    assertRefused(guided(local).stop(List.of("")), "stop");
    assertRefused(guided(remote).stop(List.of("")), "stop");
    assertRefused(guided(remote).concurrency(0), "concurrency is 0");
    assertRefused(guided(local).concurrency(2), "concurrency is 2; a model in this process");
    assertRefused(
        guided(local).chunkCutter((text, tokens) -> new ChunkCutter.Chunk(text, tokens)),
        "chunkCutter is");
    assertRefused(guided(remote).temperature(1.0), "temperature is 1.0; a delegate of type");
    assertRefused(guided(remote).topK(5), "topK is 5; a delegate of type");
    assertRefused(guided(remote).topP(0.5), "topP is 0.5; a delegate of type");
    assertRefused(guided(remote).seed(7L), "seed is 7; a delegate of type");
    assertRefused(WeakToStrongLanguageModel.builder(), "delegate is missing");
    assertRefused(WeakToStrongLanguageModel.builder().delegate(local), "pair is missing");
    assertRefused(
        WeakToStrongLanguageModel.builder().delegate(remote).beamWidth(1).successors(1),
        "chunkCutter is missing");
    assertRefused(guided(local).guide("pair-1", positive, 1), "guide 'pair-1' is there twice");
    assertRefused(
        guided(local).settings(SearchSettings.of(ChunkBeamLess.INSTANCE)),
        "chunkLength and commitLag are 2, 2, 5 and null");
    SearchSettings beamless = SearchSettings.of(ChunkBeamLess.INSTANCE);
    WeakToStrongLanguageModel.Builder plain =
        WeakToStrongLanguageModel.builder().delegate(local).pair(positive).settings(beamless);
    assertRefused(plain.successors(3), "are null, 3, null and null; the settings' search");
    assertRefused(
        plain.successors(null).chunkLength(4), "are null, null, 4 and null; the settings' search");
    assertThatThrownBy(() -> guided(local).promptTemplate("{{other}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{{prompt}}");
    assertThatThrownBy(() -> guided(local).build().generate(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompt is empty");
  }

  /** A search without beam. */
  private enum ChunkBeamLess implements SearchMethod {
    INSTANCE;

    @Override
    public SearchStrategy start(Guard guard) {
      throw new AssertionError("never started");
    }
  }

  private static void assertRefused(WeakToStrongLanguageModel.Builder builder, String message) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theOrderOfSettersDoesNotMatter() {
    SearchSettings whole = SearchSettings.chunkBeam(512, 2, 3).withMaxTokens(9);
    WeakToStrongLanguageModel.Builder wideFirst =
        WeakToStrongLanguageModel.builder()
            .beamWidth(512)
            .successors(2)
            .chunkLength(3)
            .maxTokens(9);
    WeakToStrongLanguageModel.Builder settingsLast =
        WeakToStrongLanguageModel.builder()
            .beamWidth(512)
            .maxTokens(9)
            .settings(SearchSettings.chunkBeam(1, 2, 3));
    LargeModel large = LargeModel.of(local, OPTIONS);
    assertThat(wideFirst.pair(positive).guidance(large.maxTokens()).settings()).isEqualTo(whole);
    assertThat(settingsLast.pair(positive).guidance(large.maxTokens()).settings()).isEqualTo(whole);
  }

  @Test
  void whatIsNotSetIsTheSettingsThenTheDelegatesThenTheLibrarys() {
    Budget budget = Budget.none().withCalls(3);
    Guard guard = TrustRegion.defaults();
    SearchSettings given = new SearchSettings(new ChunkBeam(3, 2, 7), 40, budget, guard);
    LargeModel large = LargeModel.of(local, OPTIONS);

    assertThat(builder().settings(given).guidance(large.maxTokens()).settings()).isEqualTo(given);
    assertThat(builder().guidance(large.maxTokens()).settings())
        .isEqualTo(SearchSettings.defaults().withMaxTokens(30));
    assertThat(builder().guidance(null).settings()).isEqualTo(SearchSettings.defaults());
    assertThat(builder().budget(budget).guard(guard).guidance(large.maxTokens()).settings())
        .isEqualTo(SearchSettings.defaults().withMaxTokens(30).withBudget(budget).withGuard(guard));
    WeakToStrongLanguageModel.Builder nulls =
        builder()
            .settings(null)
            .beamWidth(null)
            .successors(null)
            .chunkLength(null)
            .maxTokens(null)
            .budget(null)
            .guard(null)
            .temperature(null)
            .topK(null)
            .topP(null)
            .stop(null)
            .seed(null);
    assertThat(nulls.guidance(large.maxTokens()).settings())
        .isEqualTo(SearchSettings.defaults().withMaxTokens(30));
    assertThat(nulls.samplingRequest()).isEqualTo(SamplingRequest.defaults());
  }

  private WeakToStrongLanguageModel.Builder builder() {
    return WeakToStrongLanguageModel.builder().pair(positive);
  }

  /** With W = 2 the best response may have ended in round one while the other goes on. */
  @Test
  void aTextThatEndedIsCompleteWhateverStoppedTheSearch() {
    Iterator<String> answers = List.of(" a wonderful film.", " dull and it goes on").iterator();
    LanguageModel remote =
        prompt -> {
          if (!answers.hasNext()) {
            throw new IllegalStateException("503");
          }
          return Response.from(answers.next());
        };
    Response<String> response =
        guided(remote).successors(1).chunkLength(4).build().generate(PROMPT);

    assertThat(response.content()).isEqualTo(" a wonderful film.");
    assertThat(response.metadata()).containsEntry("w2s.stopReason", "FAILED");
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void theScoreInTheMetadataIsThatOfTheResponse() {
    WeakToStrongLanguageModel model = guided(local).seed(3L).build();
    Response<String> response = model.generate(PROMPT);
    try (PairSession session = positive.openSession(Prompt.of(PROMPT))) {
      double score =
          session
              .score(List.of(new ScoringSession.Response(response.content(), false)))
              .get(0)
              .logRatio();
      assertThat((double) response.metadata().get("w2s.score")).isCloseTo(score, within(1e-4));
    }
    assertThat(guided(local).beamWidth(1).successors(1).build().generate(PROMPT).metadata())
        .doesNotContainKey("w2s.score");
  }

  @Test
  void aListenerThatFailsCostsNothingAndTheOthersAreTold() {
    Trace trace = new Trace();
    WeakToStrongLanguageModel model =
        guided(local)
            .listener(
                round -> {
                  throw new IllegalStateException("the listener's own fault");
                })
            .build();

    SearchResult result = model.search(PROMPT, trace, new Cancellation());

    assertThat(trace.rounds()).hasSize(result.rounds());
    assertThat(result.failure()).isNull();
  }

  @Test
  void aSearchIsCancelledFromOutside() {
    Cancellation cancellation = new Cancellation();
    SearchResult result =
        guided(local).build().search(PROMPT, round -> cancellation.cancel(), cancellation);

    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.rounds()).isEqualTo(1);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  /** Anything that opens a scorer guides, here the length of the text. */
  @Test
  void aFunctionGuidesToo() {
    Guide shortest =
        prompt ->
            new CandidateScorer() {
              @Override
              public double[] score(List<Candidate> candidates) {
                return candidates.stream().mapToDouble(c -> -c.text().length()).toArray();
              }

              @Override
              public long tokensRun() {
                return 0;
              }

              @Override
              public void close() {}
            };
    WeakToStrongLanguageModel model =
        WeakToStrongLanguageModel.builder()
            .delegate(local)
            .guide("short", shortest, 1)
            .settings(SearchSettings.bestOf(8).withMaxTokens(10))
            .build();
    Trace trace = new Trace();

    SearchResult result = model.search(PROMPT, trace, new Cancellation());

    assertThat(result.best().candidate().text().length())
        .isEqualTo(
            trace.rounds().get(0).candidates().stream()
                .mapToInt(h -> h.candidate().text().length())
                .min()
                .orElseThrow());
  }
}
