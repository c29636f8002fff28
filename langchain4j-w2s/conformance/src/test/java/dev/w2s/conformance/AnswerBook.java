// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the suites' questions are answered with; of several entries that fit, the first.
 *
 * @param tools calls, for a question with so many tool results behind it
 * @param objects JSON, for a question under a schema of this name, or any
 * @param texts words
 */
record AnswerBook(List<Tools> tools, List<Objects> objects, List<Texts> texts) {

  /**
   * Calls of tools.
   *
   * @param question part of the question
   * @param results so many tools were called before
   * @param calls one-entry maps of the tool's name to its arguments
   */
  record Tools(String question, int results, List<Map<String, JsonNode>> calls) {}

  /**
   * An object of a schema.
   *
   * @param question part of the question
   * @param schema name of the schema, null for any
   * @param answer the object
   */
  record Objects(String question, String schema, @JsonProperty("object") JsonNode answer) {}

  /**
   * Words.
   *
   * @param question part of the question
   * @param text the answer
   */
  record Texts(String question, String text) {}

  static AnswerBook load() {
    try (InputStream in = AnswerBook.class.getResourceAsStream("/answers.json")) {
      return new ObjectMapper().readValue(in, AnswerBook.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Map<String, JsonNode>> calls(String question, int results) {
    return tools.stream()
        .filter(entry -> question.contains(entry.question()) && entry.results() == results)
        .map(Tools::calls)
        .findFirst()
        .orElse(List.of());
  }

  Optional<String> object(String question, String schema) {
    return objects.stream()
        .filter(entry -> question.contains(entry.question()))
        .filter(entry -> entry.schema() == null || entry.schema().equals(schema))
        .map(entry -> entry.answer().toPrettyString())
        .findFirst();
  }

  String text(String question) {
    return texts.stream()
        .filter(entry -> question.contains(entry.question()))
        .map(Texts::text)
        .findFirst()
        .orElseThrow();
  }
}
