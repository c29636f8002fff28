// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What steers at every token: by hand over logits known exactly ({@link KnownLogits}), and by what
 * is run and what is left open.
 */
class SteeringSessionTest {
  private static final Rendered PROMPT = Rendered.raw("t0");
  private static final Rendered REVIEW = Rendered.raw("This movie was");
  private static final int DRAWS = 4000;
  private static final double SHARE = 0.04; // five standard deviations of a share of one half
  private static final SamplingParameters ALL = SamplingParameters.DEFAULT;
  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());

  @TempDir private Path directory;

  private CausalModel known(String name, double... logits) {
    return ofPositions(64, name, logits);
  }

  private CausalModel ofPositions(int positions, String name, double... logits) {
    Path path = KnownLogits.writeWithPositions(folder(name), positions, logits);
    return CausalModel.load(path.toString(), Golden.CPU_FLOAT32);
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Steering steering(CausalModel tuned, CausalModel untuned, double beta) {
    return new Steering(tuned, PROMPT, untuned, PROMPT, beta);
  }

  private static List<Continuation> draw(GenerationSession session, int draws, int tokens) {
    return session.extend(List.of(new Extension(session.start(), draws, tokens))).get(0);
  }

  /** How often each token comes first. */
  private static double[] shares(CausalModel base, Steering steering, SamplingParameters how) {
    double[] shares = new double[base.summary().vocabulary()];
    try (GenerationSession session = base.openGeneration(PROMPT, how, 5, steering)) {
      for (Continuation one : draw(session, DRAWS, 1)) {
        shares[one.response().tokens().get(0)] += 1.0 / DRAWS;
      }
    }
    return shares;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0.5, 2})
  void theDifferenceCountsBetaTimes(double beta) {
    try (CausalModel base = known("base", 0, 1, 0.5);
        CausalModel tuned = known("tuned", 0, 0.5, -1);
        CausalModel untuned = known("untuned", 0, 0, 0)) {
      double first = 1;
      double second = Math.exp(1 + beta * 0.5);
      double third = Math.exp(0.5 - beta);
      double sum = first + second + third;
      assertThat(shares(base, steering(tuned, untuned, beta), ALL))
          .containsExactly(new double[] {first / sum, second / sum, third / sum}, within(SHARE));
    }
  }

  /** Of the logits the steered ones are cut by top-k, and what is told of a draw is the base's. */
  @Test
  void theDrawIsSteeredAndTheLogProbabilityTheBases() {
    SamplingParameters best = new SamplingParameters(1, 1, 1, List.of());
    try (CausalModel base = known("base", 1, 2, 3);
        CausalModel tuned = known("tuned", 9, 0, 0);
        CausalModel untuned = known("untuned", 0, 0, 0);
        GenerationSession session =
            base.openGeneration(PROMPT, best, 1, steering(tuned, untuned, 1))) {
      Continuation drawn = draw(session, 1, 2).get(0);
      assertThat(drawn.response().tokens()).isEqualTo(TokenIds.of(0, 0));
      assertThat(drawn.logProbability()).isCloseTo(2 * -2.4076, within(1e-3));
    }
  }

  @Test
  void penaltiesAndStopStringsHoldBesideIt() {
    SamplingParameters how = new SamplingParameters(0, 0, 1, 0, 2, List.of("t2"));
    try (CausalModel base = known("base", 0, 0, 0);
        CausalModel tuned = known("tuned", 3, 2, 0.5);
        CausalModel untuned = known("untuned", 0, 0, 0);
        GenerationSession session =
            base.openGeneration(PROMPT, how, 1, steering(tuned, untuned, 1))) {
      // Steered 3, 2, 0.5; after t0 1, 2, 0.5; after t1 1, 0, 0.5.
      Continuation drawn = draw(session, 1, 3).get(0);
      assertThat(drawn.response().tokens()).isEqualTo(TokenIds.of(0, 1, 0));
    }
    try (CausalModel base = known("base", 0, 0, 0);
        CausalModel tuned = known("tuned", 0, 0, 5);
        CausalModel untuned = known("untuned", 0, 0, 0);
        GenerationSession session =
            base.openGeneration(PROMPT, how, 1, steering(tuned, untuned, 1))) {
      assertThat(draw(session, 1, 9).get(0).ending()).isEqualTo(Ending.STOP_STRING);
    }
  }

  /** Heads are padded to different widths: what a model has no row for is not drawn. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 1e300})
  void whatOneOfTheModelsHasNotIsNotDrawn(double temperature) {
    SamplingParameters how = new SamplingParameters(temperature, 0, 1, List.of());
    try (CausalModel base = known("base", 0, 0, 0, 9);
        CausalModel tuned = known("tuned", 0, 0, 0, 0, 0);
        CausalModel untuned = known("untuned", 0, 0, 0)) {
      double third = 1.0 / 3;
      assertThat(shares(base, steering(tuned, untuned, 1), how))
          .containsExactly(new double[] {third, third, third, 0}, within(SHARE))
          .endsWith(0);
      assertThat(shares(base, steering(untuned, tuned, 4), how)).endsWith(0);
      assertThat(shares(base, steering(tuned, untuned, 0), ALL)[3]).isGreaterThan(0.99);
    }
  }

  @Test
  void aTokenThatASmallModelHasNotIsRefused() {
    try (CausalModel base = known("base", 0, 0, 0, 9);
        CausalModel small = known("small", 0, 0, 0);
        GenerationSession session =
            base.openGeneration(PROMPT, ALL, 1, steering(small, small, 1))) {
      List<Extension> foreign = List.of(new Extension(session.take(TokenIds.of(1, 3)), 1, 1));
      assertThatThrownBy(() -> session.extend(foreign))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("token 3 is unknown", "small", "3 tokens");
    }
  }

  @Test
  void aBetaBeyondFloatsIsSaid() {
    try (CausalModel base = known("base", 0, 0);
        CausalModel tuned = known("tuned", 5, 0);
        CausalModel untuned = known("untuned", 0, 0)) {
      assertThatThrownBy(() -> shares(base, steering(tuned, untuned, 1e300), ALL))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("beta is 1.0E300", "5.0", "tuned", "beyond float32");
      assertThatThrownBy(() -> steering(tuned, untuned, Double.NaN))
          .hasMessage("beta is NaN; it must be a finite number");
    }
  }

  /** A base of 64 positions ends where the smallest model does. */
  @Test
  void thePositionsOfAllThreeHold() {
    try (CausalModel base = known("base", 0, 9);
        CausalModel small = ofPositions(8, "small", 0, 0);
        CausalModel large = known("large", 0, 0)) {
      for (Steering steering : List.of(steering(small, large, 1), steering(large, small, 1))) {
        try (GenerationSession session = base.openGeneration(PROMPT, GREEDY, 1, steering)) {
          Continuation drawn = draw(session, 1, 20).get(0);
          assertThat(drawn.ending()).isEqualTo(Ending.POSITIONS);
          assertThat(drawn.response().tokens().size()).isEqualTo(8 - 1);
          List<Extension> longer = List.of(new Extension(session.take("t1 ".repeat(9)), 1, 1));
          assertThatThrownBy(() -> session.extend(longer))
              .isInstanceOf(PositionLimitException.class)
              .hasMessageContaining("small");
        }
      }
      Rendered long9 = Rendered.raw("t0 ".repeat(9));
      assertThatThrownBy(
              () ->
                  base.openGeneration(PROMPT, ALL, 1, new Steering(large, PROMPT, small, long9, 1)))
          .isInstanceOf(PositionLimitException.class);
    }
  }

  /** The prompt once and each token that is not the last once, over forks and further calls. */
  @Test
  void eachModelRunsEachTokenOnce() {
    OpenNatives before = OpenNatives.onCpu();
    try (CausalModel base = Golden.model("base");
        CausalModel tuned = Golden.model("tuned");
        CausalModel untuned = Golden.model("untuned");
        GenerationSession session =
            base.openGeneration(
                REVIEW, GREEDY, 1, new Steering(tuned, REVIEW, untuned, REVIEW, 1))) {
      int prompt = session.promptTokens();
      Continuation five = draw(session, 1, 5).get(0);
      assertThat(session.steeringTokens()).isEqualTo(2L * (prompt + 4));
      session.extend(List.of(new Extension(five, 3, 4), new Extension(five, 1, 2)));
      // All are greedy and so the same sequence.
      assertThat(session.steeringTokens()).isEqualTo(2L * (prompt + 8));
      assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches() + 3);
    }
    assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
  }

  /** One cache for both, and a token of equal prompts is run once. */
  @Test
  void modelsOfTheSameWeightsShareASession() {
    OpenNatives before = OpenNatives.onCpu();
    Rendered other = Rendered.raw("I loved it. This movie was");
    try (CausalModel base = Golden.model("base");
        CausalModel small = Golden.model("untuned");
        GenerationSession twice =
            base.openGeneration(REVIEW, GREEDY, 1, new Steering(small, REVIEW, small, REVIEW, 4));
        GenerationSession once = base.openGeneration(REVIEW, GREEDY, 1);
        GenerationSession two =
            base.openGeneration(REVIEW, GREEDY, 1, new Steering(small, other, small, REVIEW, 1))) {
      List<Continuation> drawn = draw(twice, 1, 6);
      assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches() + 2);
      assertThat(twice.steeringTokens()).isEqualTo(twice.promptTokens() + 5);
      // The same model against itself says nothing.
      assertThat(drawn.get(0).text()).isEqualTo(draw(once, 1, 6).get(0).text());
      assertThat(draw(two, 1, 6).get(0).drawn()).isEqualTo(6);
      int longer = small.tokenizer().encode(other.text(), true).size();
      int begun =
          small
              .tokenizer()
              .encode(other.text(), true)
              .commonPrefix(small.tokenizer().encode(REVIEW.text(), true));
      assertThat(two.steeringTokens()).isEqualTo(longer + two.promptTokens() - begun + 2 * 5);
    }
    assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
  }

  @Test
  void betaOfZeroDoesNotRunThem() {
    try (CausalModel base = Golden.model("base");
        CausalModel small = Golden.model("untuned");
        GenerationSession session =
            base.openGeneration(REVIEW, ALL, 3, new Steering(small, REVIEW, small, REVIEW, 0));
        GenerationSession plain = base.openGeneration(REVIEW, ALL, 3)) {
      assertThat(draw(session, 4, 10)).isEqualTo(draw(plain, 4, 10));
      assertThat(session.steeringTokens()).isZero();
    }
  }

  /** The first token is known to all; the second breaks one of them. */
  @ParameterizedTest
  @ValueSource(strings = {"base", "tuned", "untuned"})
  void aFailureInAnyModelNamesItAndLeavesNothingOpen(String broken) {
    OpenNatives before = OpenNatives.onCpu();
    try (CausalModel base = oneOf("base", broken);
        CausalModel tuned = oneOf("tuned", broken);
        CausalModel untuned = oneOf("untuned", broken)) {
      try (GenerationSession session =
          base.openGeneration(PROMPT, GREEDY, 1, steering(tuned, untuned, 1))) {
        assertThatThrownBy(() -> draw(session, 2, 5))
            .isInstanceOf(InvalidModelException.class)
            .hasMessageContainingAll(broken + ":", "logits are not finite");
        assertThat(session.tokensDrawn()).isEqualTo(2);
        assertThat(OpenNatives.onCpu().caches()).isGreaterThan(before.caches());
      }
      assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
      for (CausalModel model : List.of(base, tuned, untuned)) {
        assertThat(model.liveTensors()).isZero();
      }
    }
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }

  /** Draws t1 whatever it reads; a broken one overflows on reading it. */
  private CausalModel oneOf(String name, String broken) {
    Path path = KnownLogits.write(folder(name), 0, 9, 1);
    if (name.equals(broken)) {
      new ModelDirectory(path)
          .weights(
              w ->
                  w.change("wte.weight", t -> t.with(1, 3e38f))
                      .change("wpe.weight", t -> t.with(1, 3e38f)));
    }
    return CausalModel.load(path.toString(), Golden.CPU_FLOAT32);
  }

  @Test
  void aClosedModelIsSaidAndTheOthersAreClosed() {
    OpenNatives before = OpenNatives.onCpu();
    CausalModel untuned = known("untuned", 0, 0);
    try (CausalModel base = known("base", 0, 0);
        CausalModel tuned = known("tuned", 0, 0);
        GenerationSession session =
            base.openGeneration(PROMPT, ALL, 1, steering(tuned, untuned, 1))) {
      assertThat(draw(session, 1, 1)).hasSize(1);
      untuned.close();
      assertThatThrownBy(() -> draw(session, 1, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("untuned", "is closed");
    }
    assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
  }
}
