// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.text.TokenIds;
import dev.w2s.testkit.GoldenFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The golden data: what Hugging Face transformers computes; {@code golden/README.md} explains. */
public final class Golden {
  public static final Placement CPU_FLOAT32 = new Placement("cpu", WeightType.FLOAT32);

  /** Language models of a few thousand weights. */
  public static final List<String> TINY =
      List.of(
          "gpt2-odd",
          "gpt2-untied",
          "gpt2-scaled",
          "llama-gqa",
          "llama-tied-bf16",
          "llama-old-style");

  /** Language models of some million weights. */
  public static final List<String> MOVIE_REVIEWS = List.of("base", "untuned", "tuned");

  private static final List<String> EMBEDDED = List.of("base", "untuned", "tuned", "gold");

  private Golden() {}

  /** The rows under a key of a golden file. */
  public static List<JsonNode> rows(String file, String key) {
    return GoldenFiles.rows(file, key);
  }

  /** The rows of one model. */
  public static Stream<JsonNode> rows(String file, String key, String model) {
    return rows(file, key).stream().filter(row -> row.get("model").asText().equals(model));
  }

  /** The directory of a tiny model. */
  public static Path directory(String model) {
    return GoldenFiles.directory("models/" + model);
  }

  /** The directory of a model as somebody's tool has left it. */
  public static Path found(String model) {
    return GoldenFiles.directory("found/" + model);
  }

  /** The directory of an adapter over a tiny model. */
  public static Path adapter(String name) {
    return GoldenFiles.directory("adapters/" + name);
  }

  public static String reference(String model) {
    return EMBEDDED.contains(model)
        ? "embedded:movie-reviews/" + model
        : directory(model).toString();
  }

  public static CausalModel model(String model) {
    return CausalModel.load(reference(model), CPU_FLOAT32);
  }

  static LoadedModel decoder(String model) {
    return load(reference(model), CPU_FLOAT32);
  }

  static LoadedModel load(String reference, Placement placement) {
    try (ModelFiles files = ModelFiles.read(reference)) {
      return files.load(Kind.LANGUAGE_MODEL, placement);
    }
  }

  public static TokenIds tokens(JsonNode array) {
    return TokenIds.of(integers(array));
  }

  public static List<Integer> integers(JsonNode array) {
    List<Integer> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.intValue()));
    return numbers;
  }

  public static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.doubleValue()));
    return numbers;
  }

  public static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }
}
