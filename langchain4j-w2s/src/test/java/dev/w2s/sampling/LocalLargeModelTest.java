// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.SamplingParameters;
import dev.w2s.model.Steering;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SamplingCost;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request says of drawing goes before what the model in this process has of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalLargeModelTest {
  private static final String PROMPT = "This movie was";
  private static final int TOKENS = 12;
  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());
  private static final SamplingParameters PLAIN = SamplingParameters.DEFAULT;

  private CausalModel model;

  @BeforeAll
  void load() {
    model = CausalModel.load("embedded:movie-reviews/untuned");
  }

  @AfterAll
  void close() {
    model.close();
  }

  private LocalLanguageModel local(SamplingParameters sampling, @Nullable Long seed) {
    return new LocalLanguageModel(model, sampling, TOKENS, seed);
  }

  private String generated(SamplingParameters sampling, @Nullable Long seed) {
    return local(sampling, seed).generate(PROMPT).content();
  }

  private LargeModel large(SamplingParameters sampling, @Nullable Long seed) {
    return LargeModel.of(
        local(sampling, seed), new LanguageModelOptions(PromptFormat.raw(), null, null, null));
  }

  private static SamplingRequest request(
      @Nullable Double temperature,
      @Nullable Integer topK,
      @Nullable Double topP,
      @Nullable List<String> stop,
      @Nullable Long seed) {
    return new SamplingRequest(temperature, topK, topP, stop, seed, null, null);
  }

  private static Candidate drawn(LargeModel large, SamplingRequest request) {
    try (MeteredSampler sampler = large.open(Prompt.of(PROMPT), request)) {
      return sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 1, TOKENS))).get(0).get(0);
    }
  }

  @Test
  void whatNobodyAsksForIsAsTheModelHasIt() {
    SamplingParameters own =
        new SamplingParameters(
            0.9, 40, 0.95, /* frequencyPenalty= */ 1, /* presencePenalty= */ -1, List.of(" of"));
    assertThat(drawn(large(own, 7L), SamplingRequest.defaults()).wholeText())
        .isEqualTo(generated(own, 7L));
    assertThat(large(own, 7L).maxTokens()).isEqualTo(TOKENS);
  }

  @Test
  void theRequestsSeedGoesBeforeTheModels() {
    String wanted = generated(PLAIN, 5L);
    assertThat(wanted).isNotEqualTo(generated(PLAIN, 7L));
    assertThat(drawn(large(PLAIN, 7L), request(null, null, null, null, 5L)).wholeText())
        .isEqualTo(wanted);
    assertThat(drawn(large(PLAIN, null), request(null, null, null, null, 5L)).wholeText())
        .isEqualTo(wanted);
  }

  /** The likeliest tokens are the same under every seed. */
  @Test
  void noSeedIsNeeded() {
    assertThat(drawn(large(GREEDY, null), SamplingRequest.defaults()).wholeText())
        .isEqualTo(generated(GREEDY, 1L));
  }

  static Stream<SamplingRequest> likeliestAlone() {
    return Stream.of(
        request(0.0, null, null, null, null),
        request(null, 1, null, null, null),
        request(null, null, 1e-9, null, null));
  }

  @ParameterizedTest
  @MethodSource("likeliestAlone")
  void theRequestsWayOfDrawingGoesBeforeTheModels(SamplingRequest request) {
    String likeliest = generated(GREEDY, 1L);
    assertThat(generated(PLAIN, 7L)).isNotEqualTo(likeliest);
    assertThat(drawn(large(PLAIN, 7L), request).wholeText()).isEqualTo(likeliest);
  }

  @Test
  void theRequestsStopStringsReplaceTheModels() {
    String likeliest = generated(GREEDY, 1L);
    String early = likeliest.substring(3, 6);
    String late = likeliest.substring(9, 14);
    LargeModel large = large(GREEDY.withStop(List.of(early)), 1L);
    assertThat(drawn(large, SamplingRequest.defaults()))
        .returns(likeliest.substring(0, likeliest.indexOf(early)), Candidate::text)
        .matches(Candidate::ended);
    assertThat(drawn(large, request(null, null, null, List.of(late), null)))
        .returns(likeliest.substring(0, likeliest.indexOf(late)), Candidate::text)
        .matches(Candidate::ended);
    assertThat(drawn(large, request(null, null, null, List.of(), null)).wholeText())
        .isEqualTo(likeliest);
  }

  @Test
  void whatIsOutOfRangeIsRefusedEarlyByName() {
    LargeModel large = large(PLAIN, 7L);
    large.check(SamplingRequest.defaults());
    assertRefused(large, request(-1.0, null, null, null, null), "temperature is -1.0; ");
    assertRefused(large, request(null, -1, null, null, null), "topK is -1; ");
    assertRefused(large, request(null, null, 1.5, null, null), "topP is 1.5; ");
  }

  private static void assertRefused(LargeModel large, SamplingRequest request, String message) {
    assertThatThrownBy(() -> large.check(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  /** A default cutter is for models that need one, and nobody has chosen it. */
  @Test
  void optionsThatAreForCallsAreRefused() {
    LocalLanguageModel local = local(GREEDY, 1L);
    ChunkCutter cutter = (text, tokens) -> new ChunkCutter.Chunk(text, tokens);
    PromptFormat raw = PromptFormat.raw();
    assertThatThrownBy(
            () -> LargeModel.of(local, new LanguageModelOptions(raw, cutter, null, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "chunkCutter is "
                + cutter
                + "; a model in this process takes none: it draws a round in one batch, by its own"
                + " tokens");
    assertThatThrownBy(() -> LargeModel.of(local, new LanguageModelOptions(raw, null, null, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("concurrency is 1; a model in this process takes none");
    LargeModel large = LargeModel.of(local, new LanguageModelOptions(raw, null, cutter, null));
    assertThat(drawn(large, SamplingRequest.defaults()).wholeText())
        .isEqualTo(generated(GREEDY, 1L));
  }

  @Test
  void thePromptIsShownInItsFormat() {
    LargeModel large =
        LargeModel.of(
            local(GREEDY, 1L),
            new LanguageModelOptions(PromptFormat.template("I say: {{prompt}}"), null, null, null));
    assertThat(drawn(large, SamplingRequest.defaults()).wholeText())
        .isEqualTo(local(GREEDY, 1L).generate("I say: " + PROMPT).content());
  }

  /** Of five tokens the last is run by neither of the two that steer; the prompt is four. */
  @Test
  void itIsSteeredByWhatIsMadeOfThePrompt() {
    try (CausalModel tuned = CausalModel.load("embedded:movie-reviews/tuned")) {
      List<Prompt> steered = new ArrayList<>();
      Rendered small = Rendered.raw(PROMPT);
      LargeModel large =
          LargeModel.steered(
              local(GREEDY, 1L),
              PromptFormat.raw(),
              prompt -> {
                steered.add(prompt);
                return new Steering(tuned, small, model, small, /* beta= */ 1);
              });
      try (MeteredSampler sampler = large.open(Prompt.of(PROMPT), SamplingRequest.defaults())) {
        sampler.sample(List.of(new DrawRequest(Hypothesis.root(), 1, 5)));
        assertThat(sampler.cost()).isEqualTo(new SamplingCost(1, 5, 2 * (4 + 4)));
      }
      assertThat(steered).containsExactly(Prompt.of(PROMPT));
    }
  }
}
