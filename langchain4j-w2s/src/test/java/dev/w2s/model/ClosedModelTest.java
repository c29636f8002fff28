// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is closed stays closed: a second close does nothing, and every use is refused. */
class ClosedModelTest {
  private static final List<Response> RESPONSES = List.of(new Response(" movie", true));

  private static void extend(GenerationSession session) {
    session.extend(List.of(new Extension(session.start(), 2, 3)));
  }

  private static CausalModel model() {
    return Golden.model("llama-gqa");
  }

  private static void assertClosed(ScoringSession session) {
    assertThatThrownBy(() -> session.score(RESPONSES)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> session.score(List.of(new Response(" another story", false))))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void assertClosed(GenerationSession session) {
    assertThatThrownBy(() -> extend(session)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aScoringSession() {
    try (CausalModel model = model()) {
      ScoringSession session = model.openScoring(Rendered.raw("The"));
      session.score(RESPONSES);
      session.close();
      session.close();
      assertClosed(session);
      session.close();
      assertThat(model.liveTensors()).isZero();
    }
  }

  @Test
  void aGenerationSession() {
    try (CausalModel model = model()) {
      GenerationSession session =
          model.openGeneration(Rendered.raw("The"), SamplingParameters.DEFAULT, 1);
      extend(session);
      session.close();
      session.close();
      assertClosed(session);
      session.close();
      assertThat(model.liveTensors()).isZero();
    }
  }

  @Test
  void sessionsThatNeverRan() {
    try (CausalModel model = model()) {
      ScoringSession scoring = model.openScoring(Rendered.raw("The"));
      GenerationSession generation =
          model.openGeneration(Rendered.raw("The"), SamplingParameters.DEFAULT, /* seed= */ 1);
      scoring.close();
      generation.close();
      assertClosed(scoring);
      assertClosed(generation);
    }
  }

  @Test
  void aModel() {
    CausalModel model = model();
    model.close();
    model.close();
    assertThatThrownBy(() -> model.openScoring(Rendered.raw("The")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> model.openGeneration(Rendered.raw("The"), SamplingParameters.DEFAULT, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> model.tokenizer().countTokens("The"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(model.summary().family()).isEqualTo("llama");
  }

  @Test
  void aSessionHasACacheFromItsFirstRunToItsClose() {
    try (CausalModel model = model()) {
      OpenNatives before = OpenNatives.onCpu();
      ScoringSession scoring = model.openScoring(Rendered.raw("The"));
      assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
      scoring.score(RESPONSES);
      scoring.score(RESPONSES);
      assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches() + 1);
      scoring.close();
      scoring.close();
      assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
    }
  }

  @Test
  void aModelIsFreedOnce() {
    OpenNatives before = OpenNatives.onCpu();
    CausalModel model = model();
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models() + 1);
    model.close();
    model.close();
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }

  /** The wrong order, but not a reason to take the JVM down. */
  @Test
  void aModelBeforeItsSessions() {
    OpenNatives before = OpenNatives.onCpu();
    CausalModel model = model();
    ScoringSession scoring = model.openScoring(Rendered.raw("The"));
    GenerationSession generation =
        model.openGeneration(Rendered.raw("The"), SamplingParameters.DEFAULT, /* seed= */ 1);
    ScoringSession unused = model.openScoring(Rendered.raw("The"));
    GenerationSession never =
        model.openGeneration(Rendered.raw("The"), SamplingParameters.DEFAULT, 1);
    scoring.score(RESPONSES);
    extend(generation);
    model.close();
    assertClosed(scoring);
    assertClosed(generation);
    assertClosed(unused);
    assertClosed(never);
    scoring.close();
    generation.close();
    unused.close();
    never.close();
    assertClosed(scoring);
    assertClosed(generation);
    assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }

  @Test
  void anotherModelIsNotConcerned() {
    try (CausalModel kept = model();
        ScoringSession session = kept.openScoring(Rendered.raw("The"))) {
      List<ScoringSession.Score> before = session.score(RESPONSES);
      CausalModel closed = model();
      ScoringSession other = closed.openScoring(Rendered.raw("The"));
      other.score(RESPONSES);
      other.close();
      closed.close();
      assertThat(session.score(RESPONSES)).isEqualTo(before);
    }
  }

  @Test
  void noTensorIsLeftAfterARefusedCall() {
    try (CausalModel model = model();
        ScoringSession scoring = model.openScoring(Rendered.raw("The"));
        GenerationSession generation =
            model.openGeneration(Rendered.raw("The"), SamplingParameters.DEFAULT, /* seed= */ 1)) {
      String tooLong = " movie".repeat(200);
      assertThatThrownBy(() -> scoring.score(List.of(new Response(tooLong, false))))
          .isInstanceOf(PositionLimitException.class);
      Continuation unknown = generation.take(TokenIds.of(-1));
      assertThatThrownBy(() -> generation.extend(List.of(new Extension(unknown, 1, 1))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(model.liveTensors()).isZero();
    }
  }
}
