// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;

/**
 * What vLLM's models for classification say of texts: {@code POST /classify} and {@code POST
 * /score}, which stand beside the base URL.
 */
public final class TextScores {
  private final JsonServer server;
  private final String model;

  /**
   * @param model as the server calls it
   */
  public TextScores(JsonServer server, String model) {
    this.server = server;
    this.model = model;
  }

  /**
   * Probabilities of labels.
   *
   * @param texts at least one
   * @return for each text, in order, the probability of each label
   * @throws ServerException if the server refuses, cannot be reached, or answers something else
   */
  public List<double[]> classify(List<String> texts) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
    ArrayNode input = body.putArray("input");
    texts.forEach(input::add);
    URI uri = server.address().beside("/classify");
    double[][] all = new double[texts.size()][];
    JsonNode data = data(uri, body, texts.size());
    for (int i = 0; i < all.length; i++) {
      JsonNode probabilities = data.get(i).path("probs");
      double[] each = new double[probabilities.size()];
      for (int j = 0; j < each.length; j++) {
        each[j] = number(uri, probabilities.get(j));
      }
      all[index(uri, data.get(i), i, all)] = each;
    }
    return List.of(all);
  }

  /**
   * Scores of texts beside another one.
   *
   * @param text that each is scored beside
   * @param others at least one
   * @return for each, in order, a score
   * @throws ServerException if the server refuses, cannot be reached, or answers something else
   */
  public double[] score(String text, List<String> others) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
    body.put("text_1", text);
    ArrayNode second = body.putArray("text_2");
    others.forEach(second::add);
    URI uri = server.address().beside("/score");
    double[][] all = new double[others.size()][];
    JsonNode data = data(uri, body, others.size());
    for (int i = 0; i < all.length; i++) {
      double score = number(uri, data.get(i).path("score"));
      all[index(uri, data.get(i), i, all)] = new double[] {score};
    }
    return List.of(all).stream().mapToDouble(each -> each[0]).toArray();
  }

  private JsonNode data(URI uri, ObjectNode body, int number) {
    JsonNode data = server.post(uri, body).path("data");
    if (data.size() != number) {
      throw wrong(uri, "%d results for %d texts".formatted(data.size(), number));
    }
    return data;
  }

  private static int index(URI uri, JsonNode result, int place, double[][] all) {
    int index = result.path("index").asInt(place);
    if (index < 0 || index >= all.length || all[index] != null) {
      throw wrong(uri, "result %d with the index %d".formatted(place, index));
    }
    return index;
  }

  private static double number(URI uri, JsonNode number) {
    if (!number.isNumber() || !Double.isFinite(number.doubleValue())) {
      throw wrong(uri, "%s where a number must be".formatted(number));
    }
    return number.doubleValue();
  }

  private static ServerException wrong(URI uri, String what) {
    return new ServerException(uri + " gave " + what, ServerException.NO_ANSWER);
  }
}
