// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.util.HashMap;
import java.util.Map;

/**
 * The tokens of a {@code tokenizer.json}.
 *
 * @param ids token to id, added tokens included
 */
public record Vocabulary(Map<String, Integer> ids) {

  /** The model's own tokens, without the added ones. */
  static Map<String, Integer> ofModel(JsonFile tokenizer) {
    Map<String, Integer> ids = new HashMap<>();
    JsonNode vocabulary = tokenizer.json().path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.properties().forEach(e -> ids.put(e.getKey(), e.getValue().asInt(-1)));
    } else if (vocabulary.isArray()) {
      // A unigram model lists [token, score]; the id is the place in the list.
      for (JsonNode entry : vocabulary) {
        ids.put(entry.path(0).asText(), ids.size());
      }
    }
    if (ids.isEmpty()) {
      throw InvalidModelException.in(tokenizer.file(), "model.vocab is missing or empty");
    }
    if (ids.containsValue(-1)) {
      throw InvalidModelException.in(tokenizer.file(), "model.vocab holds an id that is no number");
    }
    return ids;
  }

  public int largestId() {
    return ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
  }
}
