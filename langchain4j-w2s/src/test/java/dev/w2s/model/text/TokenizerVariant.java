// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelReference;
import dev.w2s.model.files.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A golden model's tokenizer, changed.
 *
 * @param name what is special about it
 * @param model the golden model
 * @param change of its {@code tokenizer.json}
 */
record TokenizerVariant(String name, String model, Consumer<ObjectNode> change) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

  static TokenizerVariant unchanged(String model) {
    return new TokenizerVariant(model, model, json -> {});
  }

  TokenizerVariant named(String name) {
    return new TokenizerVariant(name, model, change);
  }

  /** With parts of {@code tokenizer.json} replaced, written as {@code 'key':value}. */
  TokenizerVariant part(String parts) {
    return and(json -> json.setAll((ObjectNode) parse("{" + parts + "}")));
  }

  /** With a value in {@code model} replaced, written as JSON. */
  TokenizerVariant model(String key, String value) {
    return and(json -> ((ObjectNode) json.get("model")).set(key, parse(value)));
  }

  /** With one more added token. */
  TokenizerVariant adding(String content, String... flags) {
    return and(
        json -> {
          ArrayNode tokens = (ArrayNode) json.get("added_tokens");
          ObjectNode token = tokens.addObject();
          token.put("id", 10_000 + tokens.size()).put("content", content).put("special", false);
          for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) {
            token.put(flag, false);
          }
          for (String flag : flags) {
            token.put(flag, true);
          }
        });
  }

  /** With one more merge of two tokens that are there. */
  TokenizerVariant merging(String first, String second) {
    return and(
        json -> {
          ObjectNode vocabulary = (ObjectNode) json.path("model").path("vocab");
          vocabulary.put(first + second, vocabulary.size());
          ArrayNode merges = (ArrayNode) json.path("model").path("merges");
          merges.add(JSON.createArrayNode().add(first).add(second));
        });
  }

  private TokenizerVariant and(Consumer<ObjectNode> next) {
    return new TokenizerVariant(name, model, change.andThen(next));
  }

  /** Writes it to a directory and loads it from there. */
  ModelTokenizer load(Path directory) {
    try {
      Path original = ModelReference.parse(Golden.reference(model)).resolve();
      ObjectNode json = (ObjectNode) JSON.readTree(original.resolve("tokenizer.json").toFile());
      change.accept(json);
      Files.write(directory.resolve("tokenizer.json"), JSON.writeValueAsBytes(json));
      return ModelTokenizer.load(ModelFolder.of(directory), 1 << 20);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
