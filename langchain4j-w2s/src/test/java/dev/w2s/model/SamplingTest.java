// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The distribution that tokens are drawn from equals transformers'. The model here has logits known
 * exactly ({@link KnownLogits}); sweeping the uniform number shows how much of [0, 1) each token
 * has.
 */
class SamplingTest {
  private static final int STEPS = 20_000;

  /** A token's share is counted in steps; either end of it may fall between two. */
  private static final double TOLERANCE = 2.0 / STEPS;

  private static final double[] SWEEP =
      IntStream.range(0, STEPS).mapToDouble(step -> (step + 0.5) / STEPS).toArray();

  @TempDir private Path directory;

  private static long[] draw(LoadedModel decoder, double[] uniform, SamplingParameters how) {
    return ids(drawAfter(TokenIds.of(0), decoder, uniform, how));
  }

  /** Of the tokens the first is the prompt. */
  private static List<DrawnToken> drawAfter(
      TokenIds tokens, LoadedModel decoder, double[] uniform, SamplingParameters how) {
    return decoder.call(
        () -> {
          try (DecoderSession session = decoder.newSession()) {
            List<Node> path = session.tree().path(tokens);
            Node last = path.get(path.size() - 1);
            session.run(List.of(last));
            return session.draw(
                Collections.nCopies(uniform.length, last), uniform, how, new float[0], 1);
          }
        });
  }

  private static long[] ids(List<DrawnToken> drawn) {
    return drawn.stream().mapToLong(DrawnToken::id).toArray();
  }

  /** Whatever the draw is from, penalties and cut-offs included. */
  @Test
  void tellsTheLogProbabilitiesOfTheModelItself() {
    double[] logits = {1, 2, 3, 4};
    double[] expected = Arrays.stream(softmax(logits)).map(Math::log).toArray();
    SamplingParameters how = new SamplingParameters(0.5, 3, 0.99, 0.5, 0.25, List.of());
    try (LoadedModel decoder = KnownLogits.load(directory, logits)) {
      List<DrawnToken> drawn = drawAfter(TokenIds.of(3, 1, 0, 1), decoder, SWEEP, how);
      assertThat(drawn.stream().map(DrawnToken::id).distinct()).hasSizeGreaterThan(1);
      assertThat(drawn)
          .allSatisfy(
              token ->
                  assertThat(token.logProbability()).isCloseTo(expected[token.id()], within(1e-5)));
    }
  }

  private static double[] distribution(LoadedModel decoder, SamplingParameters how) {
    double[] shares = new double[decoder.config().vocabulary()];
    for (long token : draw(decoder, SWEEP, how)) {
      shares[(int) token] += 1.0 / STEPS;
    }
    return shares;
  }

  /** OpenAI's definition: logit less count times frequency, less presence where there is any. */
  @Test
  void penaltiesCountTheResponseAlone() {
    double[] logits = {1, 2, 3, 4};
    SamplingParameters how = new SamplingParameters(1, 0, 1, 0.5, 0.25, List.of());
    double[] expected = softmax(1 - 0.5 - 0.25, 2 - 2 * 0.5 - 0.25, 3, 4);
    try (LoadedModel decoder = KnownLogits.load(directory, logits)) {
      // The prompt's 3 is not counted; the response holds 1 twice and 0 once.
      long[] tokens = ids(drawAfter(TokenIds.of(3, 1, 0, 1), decoder, SWEEP, how));
      double[] shares = new double[logits.length];
      Arrays.stream(tokens).forEach(token -> shares[(int) token] += 1.0 / STEPS);
      assertThat(shares).containsExactly(expected, within(TOLERANCE));
      assertThat(decoder.liveTensors()).isZero();
    }
  }

  private static double[] softmax(double... logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(logit -> Math.exp(logit) / sum).toArray();
  }

  @Test
  void refusesPenaltiesOutOfRange() {
    assertThatThrownBy(() -> new SamplingParameters(1, 0, 1, 2.1, 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("frequencyPenalty is 2.1; it must be from -2 to 2");
    assertThatThrownBy(() -> new SamplingParameters(1, 0, 1, 0, Double.NaN, List.of()))
        .hasMessage("presencePenalty is NaN; it must be from -2 to 2");
  }

  private static SamplingParameters parameters(double temperature, int topK, double topP) {
    return new SamplingParameters(temperature, topK, topP, List.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void distributionEqualsTransformers(int vector) {
    double[] logits = logits(vector);
    List<JsonNode> cases =
        Golden.rows("sampling.json", "cases").stream()
            .filter(row -> row.get("logits").intValue() == vector)
            .filter(row -> !cutsATie(logits, row.get("top_k").intValue()))
            .toList();
    assertThat(cases).isNotEmpty();
    try (LoadedModel decoder = KnownLogits.load(directory, logits)) {
      assertThat(cases)
          .allSatisfy(
              row ->
                  assertThat(distribution(decoder, parameters(row)))
                      .containsExactly(doubles(row.get("probabilities")), within(TOLERANCE)));
      assertThat(decoder.liveTensors()).isZero();
    }
  }

  /**
   * The one difference: of equal logits at the k-th place transformers keeps all, and so more than
   * k tokens; here k tokens are kept, whichever of the equal ones.
   */
  @Test
  void topKKeepsKTokensEvenAmongEqualOnes() {
    double[] logits = logits(3);
    List<JsonNode> cases =
        Golden.rows("sampling.json", "cases").stream()
            .filter(row -> row.get("logits").intValue() == 3)
            .filter(row -> cutsATie(logits, row.get("top_k").intValue()))
            .toList();
    assertThat(cases).isNotEmpty();
    try (LoadedModel decoder = KnownLogits.load(directory, logits)) {
      for (JsonNode row : cases) {
        double[] shares = distribution(decoder, parameters(row));
        assertThat(descending(shares))
            .containsExactly(keptByDefinition(logits, parameters(row)), within(TOLERANCE));
      }
    }
  }

  @Test
  void hardCasesByHand() {
    try (LoadedModel decoder = KnownLogits.load(directory, Math.log(4), 0, Math.log(3))) {
      assertThat(distribution(decoder, parameters(1, 0, 1)))
          .containsExactly(new double[] {0.5, 0.125, 0.375}, within(TOLERANCE));
      assertThat(distribution(decoder, parameters(0.5, 0, 1)))
          .containsExactly(new double[] {16 / 26.0, 1 / 26.0, 9 / 26.0}, within(TOLERANCE));
      assertThat(distribution(decoder, parameters(1, 2, 1)))
          .containsExactly(new double[] {4 / 7.0, 0, 3 / 7.0}, within(TOLERANCE));
      assertThat(distribution(decoder, parameters(1, 0, 0.49)))
          .containsExactly(new double[] {1, 0, 0}, within(1e-9));
      assertThat(distribution(decoder, parameters(1, 0, 0.51)))
          .containsExactly(new double[] {4 / 7.0, 0, 3 / 7.0}, within(TOLERANCE));
      // Top-k comes first: of its two tokens the likelier has 4/7, not 1/2.
      assertThat(distribution(decoder, parameters(1, 2, 0.55)))
          .containsExactly(new double[] {1, 0, 0}, within(1e-9));
    }
  }

  @Test
  void temperatureZeroAndTopKOneTakeTheLikeliest() {
    try (LoadedModel decoder = KnownLogits.load(directory, -1, 2, 1.999, -3)) {
      for (SamplingParameters how :
          List.of(parameters(0, 0, 1), parameters(0, 3, 0.9), parameters(5, 1, 1))) {
        assertThat(distribution(decoder, how))
            .containsExactly(new double[] {0, 1, 0, 0}, within(1e-9));
      }
    }
  }

  /** Temperatures and masses that float32 rounds to nothing are still what they say. */
  @Test
  void extremesComeNearTheirLimits() {
    try (LoadedModel decoder = KnownLogits.load(directory, -1, 2, 1.999, -300)) {
      for (double temperature : new double[] {1e-6, 1e-38, 1e-45, 1e-300, Double.MIN_VALUE}) {
        assertThat(distribution(decoder, parameters(temperature, 0, 1)))
            .as("temperature %s", temperature)
            .containsExactly(new double[] {0, 1, 0, 0}, within(1e-9));
      }
      assertThat(distribution(decoder, parameters(1e300, 0, 1)))
          .containsExactly(new double[] {0.25, 0.25, 0.25, 0.25}, within(TOLERANCE));
      assertThat(distribution(decoder, parameters(1, 0, Double.MIN_VALUE)))
          .containsExactly(new double[] {0, 1, 0, 0}, within(1e-9));
      assertThat(distribution(decoder, parameters(1, Integer.MAX_VALUE, 1))[3]).isZero();
    }
  }

  @Test
  void theEdgesOfTheIntervalDrawPossibleTokens() {
    double[] edges = {0, Double.MIN_VALUE, 1e-9, Math.nextDown(1.0), 1 - 1e-9};
    try (LoadedModel decoder = KnownLogits.load(directory, -1000, 1, 0, -1000)) {
      for (SamplingParameters how :
          List.of(parameters(1, 0, 1), parameters(1, 2, 1), parameters(1, 0, 0.9))) {
        assertThat(draw(decoder, edges, how)).containsOnly(1, 2).startsWith(1, 1, 1).endsWith(2, 2);
      }
    }
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    for (double temperature : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> parameters(temperature, 0, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "temperature is " + temperature + "; it must be a finite number of at least 0");
    }
    for (double topP : new double[] {-1, 0, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> parameters(1, 0, topP))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("topP is " + topP + "; it must be above 0 and at most 1");
    }
    assertThatThrownBy(() -> parameters(1, -1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("topK is -1; it must be at least 0");
    assertThatThrownBy(() -> new SamplingParameters(1, 0, 1, List.of("a", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stop contains an empty string; stop strings must not be empty");
  }

  private static SamplingParameters parameters(JsonNode row) {
    return parameters(
        row.get("temperature").doubleValue(),
        row.get("top_k").intValue(),
        row.get("top_p").doubleValue());
  }

  private static double[] logits(int vector) {
    return doubles(Golden.rows("sampling.json", "logits").get(vector));
  }

  private static double[] doubles(JsonNode array) {
    return Golden.numbers(array).stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static boolean cutsATie(double[] logits, int topK) {
    double[] sorted = descending(logits);
    return topK > 0 && topK < logits.length && sorted[topK - 1] == sorted[topK];
  }

  /** Probabilities, largest first, where exactly k tokens are kept. */
  private static double[] keptByDefinition(double[] logits, SamplingParameters how) {
    double[] sorted = descending(logits);
    double[] kept = new double[logits.length];
    for (int i = 0; i < how.topK(); i++) {
      kept[i] = Math.exp(sorted[i] / how.temperature());
    }
    double mass = Arrays.stream(kept).sum();
    double before = 0;
    for (int i = 0; i < kept.length; i++) {
      double share = kept[i] / mass;
      kept[i] = before < how.topP() ? share : 0;
      before += share;
    }
    double left = Arrays.stream(kept).sum();
    return Arrays.stream(kept).map(share -> share / left).toArray();
  }

  private static double[] descending(double[] values) {
    return Arrays.stream(values).map(value -> -value).sorted().map(value -> -value).toArray();
  }
}
