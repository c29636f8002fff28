// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.PairScore;
import dev.w2s.guidance.PairSession;
import dev.w2s.model.ScoringSession.Response;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LoRA adapters compute what PEFT does, alone and beside their base in one batch. */
class AdapterGoldenTest {
  private static final String FILE = "adapters.json";

  /** Nats a sequence: float32 sums in another order. */
  private static final double TOLERANCE = 1e-3;

  private static String reference(String adapter) {
    return Golden.adapter(adapter).toString();
  }

  private static List<JsonNode> rows(String key, String adapter) {
    return Golden.rows(FILE, key).stream()
        .filter(row -> row.get("adapter").asText().equals(adapter))
        .toList();
  }

  private static double sum(JsonNode numbers) {
    return Golden.numbers(numbers).stream().mapToDouble(Double::doubleValue).sum();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-qv",
        "llama-patterns",
        "llama-rslora",
        "llama-saved",
        "llama-ends",
        "tied-saved",
        "tied-ends",
        "gpt2-fan",
        "gpt2-head"
      })
  void adaptedAndPlainSequencesInOneBatchEqualPeft(String adapter) {
    try (LoadedModel model = Golden.load(reference(adapter), Golden.CPU_FLOAT32)) {
      List<JsonNode> rows = rows("sequences", adapter);
      assertThat(rows).hasSize(3);
      List<List<Double>> nats = model.call(() -> bothWays(model, rows));
      for (int i = 0; i < rows.size(); i++) {
        assertNats(nats.get(2 * i), rows.get(i).get("logprobs"));
        assertNats(nats.get(2 * i + 1), rows.get(i).get("base_logprobs"));
      }
      assertThat(model.liveTensors()).isZero();
    }
    pairsEqualPeft(adapter);
  }

  /** Of each row's tokens through the adapter and through none, all in one call. */
  private static List<List<Double>> bothWays(LoadedModel model, List<JsonNode> rows) {
    try (DecoderSession session = model.newSession()) {
      List<List<Node>> paths = new ArrayList<>();
      for (JsonNode row : rows) {
        TokenIds tokens = Golden.tokens(row.get("tokens"));
        paths.add(session.tree().path(tokens, model.variant(tokens.size())));
        paths.add(session.tree().path(tokens));
      }
      List<Node> scored = paths.stream().flatMap(path -> path.stream().skip(1)).toList();
      session.run(scored.stream().map(Node::parent).toList());
      session.scoreNodes(scored);
      return paths.stream()
          .map(path -> path.stream().skip(1).map(node -> node.logProbability).toList())
          .toList();
    }
  }

  private static void assertNats(List<Double> nats, JsonNode expected) {
    assertThat(nats).hasSize(expected.size());
    assertThat(nats.stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(sum(expected), within(TOLERANCE));
    for (int i = 0; i < nats.size(); i++) {
      assertThat(nats.get(i)).isCloseTo(expected.get(i).doubleValue(), within(TOLERANCE));
    }
  }

  private static void pairsEqualPeft(String adapter) {
    List<JsonNode> rows = rows("pairs", adapter);
    assertThat(rows).hasSize(3);
    try (ModelFiles files = ModelFiles.read(reference(adapter));
        GuidancePair pair =
            GuidancePair.load(
                reference(adapter),
                files.base().reference(),
                Golden.CPU_FLOAT32,
                PromptFormat.raw())) {
      assertThat(rows).allSatisfy(row -> assertPairScore(pair, row));
    }
  }

  private static void assertPairScore(GuidancePair pair, JsonNode row) {
    try (PairSession session = pair.openSession(new Prompt.Text(row.get("prompt").asText()))) {
      Response response =
          new Response(row.get("response").asText(), row.get("ended").booleanValue());
      PairScore score = session.score(List.of(response)).get(0);
      assertThat(score.tuned()).isCloseTo(row.get("tuned").doubleValue(), within(TOLERANCE));
      assertThat(score.untuned()).isCloseTo(row.get("untuned").doubleValue(), within(TOLERANCE));
      assertThat(score.logRatio()).isCloseTo(row.get("score").doubleValue(), within(TOLERANCE));
    }
  }

  /** Embeddings, head, tokenizer and template have come with the adapter. */
  @Test
  void aVocabularyMayHaveGrown() {
    try (CausalModel grown = CausalModel.load(reference("llama-grown"), Golden.CPU_FLOAT32)) {
      assertThat(grown.summary().vocabulary()).isEqualTo(310);
      assertThat(grown.summary().chatTemplate()).contains("<|kind|>");
      List<JsonNode> rows = rows("sequences", "llama-grown");
      List<double[]> nats =
          grown.logProbabilities(
              rows.stream().map(row -> Golden.tokens(row.get("tokens"))).toList());
      for (int i = 0; i < rows.size(); i++) {
        assertNats(
            Arrays.stream(nats.get(i)).skip(1).boxed().toList(), rows.get(i).get("logprobs"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-reward", "classifier-qv"})
  void rewardModelsEqualPeft(String adapter) {
    try (SequenceClassifier model =
            SequenceClassifier.load(reference(adapter), Golden.CPU_FLOAT32);
        ClassificationSession session = model.openSession()) {
      for (JsonNode row : rows("classifications", adapter)) {
        double[] logits = session.logits(List.of(Rendered.raw(row.get("text").asText()))).get(0);
        List<Double> expected = Golden.numbers(row.get("logits"));
        assertThat(logits).hasSize(expected.size());
        for (int i = 0; i < logits.length; i++) {
          assertThat(logits[i]).isCloseTo(expected.get(i), within(TOLERANCE));
        }
      }
    }
  }
}
