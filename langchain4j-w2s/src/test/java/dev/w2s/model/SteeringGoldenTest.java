// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.model.GenerationSession.Continuation;
import dev.w2s.model.GenerationSession.Ending;
import dev.w2s.model.GenerationSession.Extension;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Rendered;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Emulated fine-tuning equals what transformers makes of full passes through the three models, as
 * {@code golden_eft.py} has it: a pair, a prompted pair, a tuned model that is the base as well,
 * and an adapter.
 */
class SteeringGoldenTest {
  private static final int MOST_TOKENS = 30;
  private static final int STEPS = 20_000;
  private static final double SHARE = 2.0 / STEPS;
  private static final double NATS = 1e-4;

  private static final double[] SWEEP =
      IntStream.range(0, STEPS).mapToDouble(step -> (step + 0.5) / STEPS).toArray();

  private static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, List.of());

  static Stream<JsonNode> greedy() {
    return Golden.rows("eft.json", "greedy").stream();
  }

  static Stream<JsonNode> sampling() {
    return Golden.rows("eft.json", "sampling").stream();
  }

  private static String reference(String name) {
    return name.equals("llama-qv") ? Golden.adapter(name).toString() : Golden.reference(name);
  }

  private static Rendered prompt(JsonNode row, String key) {
    return Rendered.raw(row.get(key).asText());
  }

  @ParameterizedTest
  @MethodSource("greedy")
  void greedyTextEqualsTransformers(JsonNode row) {
    assertThat(row.get("smallest_margin").doubleValue()).isGreaterThan(1e-3);
    try (CausalModel base = Golden.model(row.get("base").asText());
        GuidancePair pair = pair(row);
        GenerationSession session =
            base.openGeneration(prompt(row, "prompt"), GREEDY, 1, steering(pair, row))) {
      Continuation drawn =
          session.extend(List.of(new Extension(session.start(), 1, MOST_TOKENS))).get(0).get(0);
      assertThat(drawn.response().tokens()).isEqualTo(Golden.tokens(row.get("tokens")));
      assertThat(drawn.response().wholeText()).isEqualTo(row.get("text").asText());
      assertThat(drawn.ending()).isEqualTo(Ending.LIMIT);
      assertThat(drawn.logProbability())
          .isCloseTo(row.get("base_logprob").doubleValue(), within(1e-3));
      assertThat(OpenNatives.liveTensors(base)).isZero();
    }
  }

  private static GuidancePair pair(JsonNode row) {
    return GuidancePair.builder()
        .tuned(reference(row.get("tuned").asText()))
        .untuned(reference(row.get("untuned").asText()))
        .placement(Golden.CPU_FLOAT32)
        .load();
  }

  private static Steering steering(GuidancePair pair, JsonNode row) {
    return new Steering(
        pair.tuned(),
        prompt(row, "tuned_prompt"),
        pair.untuned(),
        prompt(row, "untuned_prompt"),
        row.get("beta").doubleValue());
  }

  @ParameterizedTest
  @MethodSource("greedy")
  void steeredLogProbabilitiesEqualTransformers(JsonNode row) {
    try (LoadedModel base = load(row, "base");
        LoadedModel tuned = load(row, "tuned");
        LoadedModel untuned = load(row, "untuned");
        SteeringSession steering =
            SteeringSession.open(
                tuned,
                prompt(row, "tuned_prompt"),
                untuned,
                prompt(row, "untuned_prompt"),
                row.get("beta").doubleValue());
        Drawing drawing = new Drawing(base, base.encodePrompt(prompt(row, "prompt")))) {
      for (int step = 0; step < row.get("steps").size(); step++) {
        double[] steered =
            drawing.steered(Golden.tokens(row.get("tokens")).part(0, step), steering);
        JsonNode told = row.get("steps").get(step);
        List<Double> expected = Golden.numbers(told.get("logprobs"));
        List<Integer> tokens = Golden.integers(told.get("tokens"));
        for (int i = 0; i < tokens.size(); i++) {
          assertThat(steered[tokens.get(i)]).isCloseTo(expected.get(i), within(NATS));
        }
      }
    }
  }

  private static LoadedModel load(JsonNode row, String key) {
    return Golden.load(reference(row.get(key).asText()), Golden.CPU_FLOAT32);
  }

  @ParameterizedTest
  @MethodSource("sampling")
  void distributionEqualsTransformers(JsonNode row) {
    SamplingParameters how =
        new SamplingParameters(
            row.get("temperature").doubleValue(),
            row.get("top_k").intValue(),
            row.get("top_p").doubleValue(),
            List.of());
    Rendered prompt = prompt(row, "prompt");
    try (LoadedModel base = Golden.decoder("base");
        LoadedModel tuned = Golden.decoder("tuned");
        LoadedModel untuned = Golden.decoder("untuned");
        SteeringSession steering =
            SteeringSession.open(tuned, prompt, untuned, prompt, row.get("beta").doubleValue());
        Drawing drawing = new Drawing(base, base.encodePrompt(prompt))) {
      double[] shares = drawing.shares(steering, how);
      double[] expected = new double[shares.length];
      List<Double> probabilities = Golden.numbers(row.get("probabilities"));
      List<Integer> tokens = Golden.integers(row.get("tokens"));
      for (int i = 0; i < tokens.size(); i++) {
        expected[tokens.get(i)] = probabilities.get(i);
      }
      assertThat(shares).containsExactly(expected, within(SHARE));
      assertThat(base.liveTensors()).isZero();
    }
  }

  /** The base's session, by hand. */
  private record Drawing(LoadedModel model, TokenIds prompt, DecoderSession session)
      implements AutoCloseable {
    Drawing(LoadedModel model, TokenIds prompt) {
      this(model, prompt, model.newSession());
    }

    private Node end(TokenIds response) {
      List<Node> path = session.tree().path(prompt.plus(response));
      return path.get(path.size() - 1);
    }

    private float[] added(Node end, SteeringSession steering) {
      return steering.added(List.of(end), prompt.size(), model.config().vocabulary());
    }

    double[] steered(TokenIds response, SteeringSession steering) {
      Node end = end(response);
      float[] added = added(end, steering);
      float[] own =
          model.call(
              () -> {
                session.run(List.of(end));
                return session.logits(List.of(end));
              });
      double[] logits =
          IntStream.range(0, own.length).mapToDouble(i -> (double) own[i] + added[i]).toArray();
      double most = Arrays.stream(logits).max().orElseThrow();
      double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - most)).sum();
      return Arrays.stream(logits).map(logit -> logit - most - Math.log(sum)).toArray();
    }

    double[] shares(SteeringSession steering, SamplingParameters how) {
      Node end = end(TokenIds.of());
      float[] added = added(end, steering);
      List<DrawnToken> drawn =
          model.call(
              () -> {
                session.run(List.of(end));
                List<Node> after = Collections.nCopies(STEPS, end);
                return session.draw(after, SWEEP, how, added, prompt.size());
              });
      double[] shares = new double[model.config().vocabulary()];
      drawn.forEach(token -> shares[token.id()] += 1.0 / STEPS);
      return shares;
    }

    @Override
    public void close() {
      model.release(session);
    }
  }
}
