// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairScore;
import dev.w2s.guidance.PairSession;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.Safetensors.Tensor;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several adapters over one model: who shares what, who owns what, and what is run. */
class AdapterTest {
  private static final Rendered PROMPT = Rendered.raw("This movie was");
  private static final List<Response> RESPONSES =
      List.of(new Response(" a surprise", false), new Response(" a wonderful story", true));
  private static final String BASE = Golden.directory("llama-gqa").toString();
  private static final String ONE = Golden.adapter("llama-qv").toString();
  private static final String OTHER = Golden.adapter("llama-ends").toString();

  @TempDir private Path directory;

  private static CausalModel load(String reference) {
    return CausalModel.load(reference, Golden.CPU_FLOAT32);
  }

  private static List<ScoringSession.Score> scores(CausalModel model) {
    try (ScoringSession session = model.openScoring(PROMPT)) {
      return session.score(RESPONSES);
    }
  }

  private static void assertSame(
      List<ScoringSession.Score> scores, List<ScoringSession.Score> expected) {
    assertThat(scores).hasSameSizeAs(expected);
    for (int i = 0; i < scores.size(); i++) {
      assertThat(scores.get(i).logProbability())
          .isCloseTo(expected.get(i).logProbability(), within(1e-4));
      assertThat(scores.get(i).tokens()).isEqualTo(expected.get(i).tokens());
    }
  }

  /** Its tuned side has tokens that the base lacks, and both run in one batch all the same. */
  @Test
  void anAdapterWithAddedTokensIsAPairWithItsBase() {
    String grown = Golden.adapter("llama-grown").toString();
    List<Response> responses =
        List.of(new Response(" a <|kind|> story", false), new Response(" a surprise", false));
    try (GuidancePair pair =
            GuidancePair.load(grown, BASE, Golden.CPU_FLOAT32, PromptFormat.raw());
        PairSession session = pair.openSession(new Prompt.Text("This movie was"));
        CausalModel tuned = load(grown);
        CausalModel untuned = load(BASE);
        ScoringSession byTuned = tuned.openScoring(PROMPT);
        ScoringSession byUntuned = untuned.openScoring(PROMPT)) {
      assertThat(pair.check().warnings()).anyMatch(warning -> warning.contains("<|kind|>"));
      assertThat(pair.tuned().sharesWeights(pair.untuned())).isTrue();
      List<PairScore> scores = session.score(responses);
      for (int i = 0; i < scores.size(); i++) {
        assertThat(scores.get(i).tuned())
            .isCloseTo(byTuned.score(responses).get(i).logProbability(), within(1e-4));
        assertThat(scores.get(i).untuned())
            .isCloseTo(byUntuned.score(responses).get(i).logProbability(), within(1e-4));
      }
    }
  }

  @Test
  void modelsOfOneBaseAreTheirOwnAndClosedInAnyOrder() {
    OpenNatives before = OpenNatives.onCpu();
    List<ScoringSession.Score> alone;
    try (CausalModel model = load(ONE)) {
      assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters() + 1);
      alone = scores(model);
    }
    CausalModel base = load(BASE);
    List<ScoringSession.Score> plain = scores(base);
    CausalModel one = base.withAdapter(ONE);
    CausalModel other = base.withAdapter(OTHER);
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models() + 1);
    assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters() + 2);
    assertThat(one.sharesWeights(other)).isTrue();
    assertSame(scores(one), alone);
    assertSame(scores(base), plain);
    assertThat(scores(other)).isNotEqualTo(alone).isNotEqualTo(plain);

    base.close();
    base.close();
    assertThatThrownBy(() -> scores(base)).isInstanceOf(IllegalStateException.class);
    assertSame(scores(one), alone);
    other.close();
    assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters() + 1);
    assertSame(scores(one), alone);
    one.close();
    one.close();
    assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters());
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }

  @Test
  void aPairHoldsTheBaseOnceAndRunsBothStreamsInOneBatch() {
    OpenNatives before = OpenNatives.onCpu();
    try (GuidancePair pair = GuidancePair.load(ONE, BASE)) {
      assertThat(OpenNatives.onCpu().modelsSoFar()).isEqualTo(before.modelsSoFar() + 1);
      assertThat(OpenNatives.onCpu().adaptersSoFar()).isEqualTo(before.adaptersSoFar() + 1);
      ModelSummary whole = pair.untuned().summary();
      ModelSummary adapted = pair.tuned().summary();
      assertThat(adapted.adapter()).isNotNull();
      // 3 layers; A of rank 3 + 3 over width 36, B of all 60 rows of query, key and value
      assertThat(adapted.adapter().parameters()).isEqualTo(3 * (6 * 36 + 60 * 6));
      assertThat(adapted.parameters())
          .isEqualTo(whole.parameters() + adapted.adapter().parameters());
      assertThat(adapted.adapter().base()).isEqualTo(BASE);
      assertThat(adapted.adapter().ranks()).containsExactly(3);
      assertThat(adapted.adapter().modules()).containsExactly("q_proj", "v_proj");
      try (PairSession session = pair.openSession(new Prompt.Text(PROMPT.text()));
          ScoringSession alone = pair.tuned().openScoring(PROMPT)) {
        session.score(RESPONSES);
        alone.score(RESPONSES);
        assertThat(session.tokensRun()).isEqualTo(2 * alone.tokensRun());
      }
      assertThat(OpenNatives.onCpu().cachesSoFar()).isEqualTo(before.cachesSoFar() + 2);
    }
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
    assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters());
  }

  @Test
  void aGrowingCacheScoresAsAFreshOneDoes() {
    try (CausalModel base = load(BASE);
        CausalModel one = base.withAdapter(OTHER);
        ScoringSession growing = one.openScoring(PROMPT, base, PROMPT)) {
      growing.scoreEach(List.of(new Response(" a", false), new Response(" the", false)));
      growing.scoreEach(List.of(new Response(" a wonderful", false), RESPONSES.get(0)));
      List<List<ScoringSession.Score>> grown = growing.scoreEach(RESPONSES);
      assertSame(grown.get(0), scores(one));
      assertSame(grown.get(1), scores(base));
    }
  }

  @Test
  void severalGuidesShareOneBase() {
    OpenNatives before = OpenNatives.onCpu();
    try (CausalModel base = load(BASE);
        GuidancePair other = GuidancePair.adapted(base, OTHER)) {
      try (GuidancePair one = GuidancePair.adapted(base, ONE)) {
        assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models() + 1);
        assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters() + 2);
        assertThat(one.untuned()).isSameAs(other.untuned());
      }
      assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters() + 1);
      assertThat(scores(other.tuned())).isNotEqualTo(scores(base));
    }
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
    assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters());
  }

  /** Two adapters make a pair as well: what one was tuned for more than the other. */
  @Test
  void eitherSideMayBeAnAdapter() {
    OpenNatives before = OpenNatives.onCpu();
    try (GuidancePair two = GuidancePair.load(ONE, OTHER);
        GuidancePair turned = GuidancePair.load(BASE, ONE)) {
      assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models() + 2);
      assertThat(two.tuned().sharesWeights(two.untuned())).isTrue();
      assertThat(turned.tuned().sharesWeights(turned.untuned())).isTrue();
      assertThat(scores(two.tuned())).isNotEqualTo(scores(two.untuned()));
      assertSame(scores(two.tuned()), scores(turned.untuned()));
    }
  }

  @Test
  void anAdapterThatIsClosedUnderASessionIsRefused() {
    try (CausalModel base = load(BASE)) {
      CausalModel one = base.withAdapter(ONE);
      try (ScoringSession both = base.openScoring(PROMPT, one, PROMPT)) {
        both.scoreEach(RESPONSES);
        one.close();
        assertThatThrownBy(() -> both.scoreEach(RESPONSES))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("is closed");
      }
    }
  }

  @Test
  void modelsOfTwoLoadsShareNothing() {
    try (CausalModel one = load(ONE);
        CausalModel other = load(BASE)) {
      assertThat(one.sharesWeights(other)).isFalse();
      assertThatThrownBy(() -> one.openScoring(PROMPT, other, PROMPT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("do not share their weights");
    }
  }

  @Test
  void anAdaptedModelWrites() {
    try (CausalModel one = load(OTHER);
        GenerationSession session =
            one.openGeneration(PROMPT, new SamplingParameters(0, 0, 1, List.of()), 1)) {
      GenerationSession.Continuation drawn =
          session.extend(List.of(new Extension(session.start(), 1, 6))).get(0).get(0);
      try (ScoringSession scoring = one.openScoring(PROMPT)) {
        Response response = new Response(drawn.wholeText(), false);
        assertThat(drawn.logProbability()).isNegative();
        assertThat(scoring.score(List.of(response)).get(0).tokens()).isPositive();
      }
    }
  }

  /** The factor is folded in before the adapter's weights are rounded. */
  @ParameterizedTest
  @CsvSource({"BFLOAT16, 0.5", "FLOAT16, 0.1"})
  void adaptersHaveTheTypeOfTheirModel(WeightType type, double nats) {
    try (CausalModel exact = load(OTHER);
        CausalModel base = CausalModel.load(BASE, new Placement("cpu", type));
        CausalModel rounded = base.withAdapter(OTHER)) {
      assertThat(rounded.summary().type()).isEqualTo(type);
      assertThat(scores(rounded).get(1).logProbability())
          .isCloseTo(scores(exact).get(1).logProbability(), within(nats));
      assertThat(
              Math.abs(
                  scores(base).get(1).logProbability() - scores(exact).get(1).logProbability()))
          .isGreaterThan(2 * nats);
    }
  }

  /** What is found only when values are read leaves the base as it was. */
  @Test
  void anAdapterThatFailsWhileLoadingLeavesNothing() {
    OpenNatives before = OpenNatives.onCpu();
    AdapterDirectory broken =
        AdapterDirectory.copyOf("llama-qv", directory)
            .weights(
                w ->
                    w.change(
                        "base_model.model.model.layers.2.self_attn.v_proj.lora_B.weight",
                        tensor -> tensor.with(35, Float.NaN)));
    try (CausalModel base = load(BASE)) {
      List<ScoringSession.Score> plain = scores(base);
      assertThatThrownBy(() -> base.withAdapter(broken.reference()))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("v_proj.lora_B.weight holds a value that is not finite");
      assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters());
      assertSame(scores(base), plain);
      assertThat(base.liveTensors()).isZero();
    }
    assertThatThrownBy(() -> load(broken.reference())).hasMessageContaining("not finite");
    assertThatThrownBy(() -> GuidancePair.load(broken.reference(), BASE))
        .hasMessageContaining("not finite");
    assertThat(OpenNatives.onCpu().adapters()).isEqualTo(before.adapters());
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }

  /** PEFT saves embedding and head beside what changes them. */
  @Test
  void copiesOfTheBasesWeightsTakeNoMemory() {
    AdapterDirectory copied =
        AdapterDirectory.copyOf("llama-qv", directory)
            .weights(
                w -> {
                  Tensor head =
                      ModelDirectory.tensors(Golden.directory("llama-gqa")).get("lm_head.weight");
                  return w.with("base_model.model.lm_head.weight", head);
                });
    assertThat(ModelSummary.read(copied.reference(), Golden.CPU_FLOAT32).parameters())
        .isEqualTo(ModelSummary.read(ONE, Golden.CPU_FLOAT32).parameters());
  }
}
