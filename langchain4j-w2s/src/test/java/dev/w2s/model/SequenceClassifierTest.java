// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels and their log-probabilities equal transformers'. */
class SequenceClassifierTest {

  private static final double TOLERANCE = 1e-4;

  private static SequenceClassifier load(String name) {
    return SequenceClassifier.load(Golden.reference(name), Golden.CPU_FLOAT32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gold", "gpt2-classifier", "llama-classifier"})
  void logProbabilitiesEqualTransformers(String name) {
    try (SequenceClassifier classifier = load(name)) {
      List<JsonNode> rows =
          Golden.rows("classifier.json", "classifications", name)
              .filter(row -> !row.get("text").asText().isEmpty())
              .toList();
      assertThat(rows).isNotEmpty();
      assertThat(rows).allSatisfy(row -> assertLabels(classifier, row));
    }
  }

  private static void assertLabels(SequenceClassifier classifier, JsonNode row) {
    Map<String, Double> byLabel = classifier.logProbabilities(row.get("text").asText());
    assertThat(byLabel.keySet()).containsExactlyElementsOf(Golden.texts(row.get("labels")));
    List<Double> nats = new ArrayList<>(byLabel.values());
    List<Double> expected = Golden.numbers(row.get("logprobs"));
    for (int i = 0; i < expected.size(); i++) {
      assertThat(nats.get(i)).isCloseTo(expected.get(i), within(TOLERANCE));
    }
    assertThat(nats.stream().mapToDouble(Math::exp).sum()).isCloseTo(1, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gold", "gpt2-classifier", "llama-classifier"})
  void summaryNamesTheLabels(String name) {
    JsonNode row =
        Golden.rows("classifier.json", "classifications", name).findFirst().orElseThrow();
    try (SequenceClassifier classifier = load(name)) {
      assertThat(classifier.summary().labels())
          .containsExactlyElementsOf(Golden.texts(row.get("labels")));
    }
  }

  @Test
  void anEmptyTextIsRefused() {
    try (SequenceClassifier classifier = load("gpt2-classifier")) {
      assertThatThrownBy(() -> classifier.logProbabilities(""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is empty");
    }
  }

  @Test
  void aTextBeyondThePositionsIsRefused() {
    try (SequenceClassifier classifier = load("gpt2-classifier")) {
      assertThatThrownBy(() -> classifier.logProbabilities("x".repeat(64)))
          .isInstanceOf(PositionLimitException.class)
          .hasMessageContaining("65 tokens")
          .hasMessageContaining("64 positions");
      assertThat(classifier.logProbabilities("x".repeat(63))).hasSize(3);
    }
  }

  @Test
  void isClosedOnceAndForAll() {
    SequenceClassifier classifier = load("gpt2-classifier");
    classifier.close();
    classifier.close();
    assertThatThrownBy(() -> classifier.logProbabilities("I"))
        .isInstanceOf(IllegalStateException.class);
  }
}
