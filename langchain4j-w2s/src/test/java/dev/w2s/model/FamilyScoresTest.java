// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.TokenTree.Node;
import dev.w2s.model.files.Safetensors;
import dev.w2s.model.files.Safetensors.Tensor;
import dev.w2s.model.text.TokenIds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every family's numbers are those of transformers, by a fresh run and through a kept cache. */
class FamilyScoresTest {
  /** Nats a token. */
  private static final double TOLERANCE = 1e-4;

  /** Nats a sequence. */
  private static final double SUM_TOLERANCE = 1e-3;

  @TempDir private Path directory;

  static Stream<String> models() {
    return FamilyModels.names();
  }

  private LoadedModel load(String name) {
    return FamilyModels.load(FamilyModels.copyOf(name, directory.resolve(name)));
  }

  private static TokenIds tokens(JsonNode row) {
    return Golden.tokens(row.get("tokens"));
  }

  private static void assertClose(JsonNode row, List<Double> nats) {
    List<Double> expected = Golden.numbers(row.get("logprobs"));
    assertThat(nats).hasSameSizeAs(expected);
    for (int i = 0; i < nats.size(); i++) {
      assertThat(nats.get(i))
          .as("token %d of %d", i + 1, nats.size() + 1)
          .isCloseTo(expected.get(i), within(TOLERANCE));
    }
    assertThat(sum(nats)).isCloseTo(sum(expected), within(SUM_TOLERANCE));
  }

  private static double sum(List<Double> nats) {
    return nats.stream().mapToDouble(Double::doubleValue).sum();
  }

  @ParameterizedTest
  @MethodSource("models")
  void logProbabilitiesEqualTransformers(String name) {
    List<JsonNode> rows = FamilyModels.rows("sequences", name);
    assertThat(rows).hasSizeGreaterThanOrEqualTo(3);
    try (LoadedModel model = load(name)) {
      rows.forEach(row -> assertClose(row, TokenScores.of(model, tokens(row))));
      atOnce(model, rows);
      grown(model, rows);
      assertThat(model.liveTensors()).isZero();
    }
  }

  /** All sequences, of all lengths, as branches of one tree that is run in one batch. */
  private static void atOnce(LoadedModel model, List<JsonNode> rows) {
    List<double[]> nats =
        model.logProbabilities(rows.stream().map(FamilyScoresTest::tokens).toList());
    for (int i = 0; i < rows.size(); i++) {
      assertClose(rows.get(i), Arrays.stream(nats.get(i)).skip(1).boxed().toList());
    }
  }

  /** One text that grows, token by token, amid others that come and go. */
  private static void grown(LoadedModel model, List<JsonNode> rows) {
    JsonNode branch = rows.get(rows.size() - 1);
    JsonNode longest = rows.get(rows.size() - 2);
    model.call(
        () -> {
          try (DecoderSession session = model.newSession()) {
            for (int end = 2; end <= tokens(longest).size(); end++) {
              TokenIds part = tokens(longest).part(0, end);
              List<Node> path = session.tree().path(part, model.variant(end));
              session.run(path);
              session.tree().retain(path);
              TokenIds other = tokens(branch).part(0, Math.min(end, tokens(branch).size()));
              session.run(session.tree().path(other, model.variant(other.size())));
              rows.stream()
                  .filter(row -> tokens(row).equals(part))
                  .forEach(row -> assertClose(row, scores(session, path)));
            }
            TokenIds other = tokens(branch);
            assertClose(
                branch, scores(session, session.tree().path(other, model.variant(other.size()))));
            return true;
          }
        });
  }

  private static List<Double> scores(DecoderSession session, List<Node> path) {
    List<Node> scored = path.subList(1, path.size());
    session.run(scored.stream().map(Node::parent).toList());
    session.scoreNodes(scored);
    return scored.stream().map(node -> node.logProbability).toList();
  }

  /** In 16 bits the numbers are near; what is kept in float32 all the same has a type to lose. */
  @ParameterizedTest
  @ValueSource(strings = {"gemma2", "phi3-longrope", "neox-sequential"})
  void otherTypesAreNear(String name) {
    ModelDirectory copy = FamilyModels.copyOf(name, directory.resolve(name));
    JsonNode row = FamilyModels.rows("sequences", name).get(1);
    double expected = sum(Golden.numbers(row.get("logprobs")));
    for (WeightType type : List.of(WeightType.BFLOAT16, WeightType.FLOAT16)) {
      Placement placement = new Placement("cpu", type);
      try (LoadedModel model = Golden.load(copy.path().toString(), placement)) {
        double nats = sum(TokenScores.of(model, tokens(row)));
        double coarseness = type == WeightType.BFLOAT16 ? 0.05 : 0.01;
        assertThat(nats / row.get("logprobs").size())
            .as("%s, a token", type)
            .isCloseTo(expected / row.get("logprobs").size(), within(coarseness));
      }
    }
  }

  /** Heads of all kinds: in front, behind and nested names, caps that are the language model's. */
  @ParameterizedTest
  @ValueSource(strings = {"qwen2", "gemma2", "phi3-longrope", "neox-parallel"})
  void classifiersEqualTransformers(String name) {
    JsonNode row = FamilyModels.rows("classifications", name).get(0);
    ModelDirectory model = FamilyModels.copyOf(name, directory.resolve(name));
    model.config("architectures", "[\"%s\"]".formatted(row.get("architecture").asText()));
    try (ModelFiles files = ModelFiles.read(model.path().toString());
        LoadedModel classifier = files.load(Kind.CLASSIFIER, Golden.CPU_FLOAT32)) {
      float[] logits =
          classifier.call(
              () -> {
                try (DecoderSession session = classifier.newSession()) {
                  List<Node> path =
                      session.tree().path(tokens(row), classifier.variant(tokens(row).size()));
                  session.run(path);
                  return session.logits(path.subList(path.size() - 1, path.size()));
                }
              });
      List<Double> expected = Golden.numbers(row.get("logits"));
      assertThat(classifier.config().labels()).containsExactly("BAD", "FAIR", "GOOD");
      assertThat(logits).hasSameSizeAs(expected);
      for (int i = 0; i < logits.length; i++) {
        assertThat((double) logits[i]).isCloseTo(expected.get(i), within(1e-4));
      }
    }
  }

  /** The text model of Gemma 3 inside the one that sees pictures, under either of its names. */
  @Test
  void aTextModelInsideAnotherIsTheSame() {
    List<JsonNode> rows = FamilyModels.rows("sequences", "gemma3-text");
    List<String> inside = List.of("language_model.model.", "model.language_model.");
    for (String prefix : inside) {
      ModelDirectory model = FamilyModels.copyOf("gemma3-text", directory.resolve(prefix + "copy"));
      model.edit(
          "config.json",
          json -> {
            json.set("text_config", json.deepCopy());
            json.put("model_type", "gemma3");
            json.putArray("architectures").add("Gemma3ForConditionalGeneration");
            json.remove(List.of("vocab_size", "hidden_size", "rope_parameters"));
          });
      model.weights(weights -> nested(weights, prefix));
      try (LoadedModel loaded = FamilyModels.load(model)) {
        rows.forEach(row -> assertClose(row, TokenScores.of(loaded, tokens(row))));
      }
    }
  }

  private static Safetensors nested(Safetensors weights, String prefix) {
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach((name, tensor) -> renamed.put(name.replaceFirst("^model\\.", prefix), tensor));
    renamed.put("vision_tower.vision_model.post_layernorm.bias", Tensor.zeros(3L));
    renamed.put("multi_modal_projector.mm_soft_emb_norm.weight", Tensor.zeros(3L));
    return new Safetensors(renamed);
  }
}
