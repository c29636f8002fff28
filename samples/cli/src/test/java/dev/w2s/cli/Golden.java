// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.testkit.GoldenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The library's golden files: what the reference implementation computes. */
public final class Golden {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static final String BASE = "embedded:movie-reviews/base";
  public static final String TUNED = "embedded:movie-reviews/tuned";
  public static final String UNTUNED = "embedded:movie-reviews/untuned";
  public static final String GOLD = "embedded:movie-reviews/gold";

  private Golden() {}

  /** The reference of a small model with random weights. */
  public static String model(String name) {
    return GoldenFiles.directory("models/" + name).toString();
  }

  /** The reference of an adapter, copied to a directory, over a small model wherever that is. */
  public static String adapter(String name, Path directory) throws IOException {
    Path source = GoldenFiles.directory("adapters/" + name);
    Path target = Files.createDirectory(directory.resolve(name));
    Files.copy(
        source.resolve("adapter_model.safetensors"), target.resolve("adapter_model.safetensors"));
    ObjectNode config = (ObjectNode) JSON.readTree(source.resolve("adapter_config.json").toFile());
    config.put("base_model_name_or_path", model("llama-gqa"));
    JSON.writeValue(target.resolve("adapter_config.json").toFile(), config);
    return target.toString();
  }

  /** Scores of the embedded pair on raw prompts; an empty one is no prompt for the library. */
  public static List<JsonNode> pairs() {
    return GoldenFiles.rows("scores.json", "pairs").stream()
        .filter(pair -> !pair.has("messages") && !pair.get("prompt").asText().isEmpty())
        .toList();
  }

  /** Greedy continuations whose every step is decided by more than rounding. */
  public static List<JsonNode> clearContinuations() {
    return GoldenFiles.rows("greedy.json", "continuations").stream()
        .filter(one -> one.get("add_special_tokens").asBoolean())
        .filter(one -> one.get("smallest_margin").asDouble() > 1e-3)
        .filter(one -> !one.get("prompt").asText().isEmpty())
        .toList();
  }

  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String response(String text, boolean ended) {
    return JSON.createObjectNode().put("text", text).put("ended", ended) + "\n";
  }
}
