// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.Sha256;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a {@code tokenizer.json}.
 *
 * @param ids token to id, added tokens included
 * @param added the texts of {@code added_tokens}, which are looked for before a text is split
 * @param merges digest of the rules by which a BPE model joins tokens, in their order; that of
 *     nothing for other models
 */
public record Vocabulary(Map<String, Integer> ids, Set<String> added, String merges) {

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

  /**
   * The digest of the merges, which newer files write as pairs and older ones as "first second".
   */
  static String mergesOf(JsonFile tokenizer) {
    MessageDigest digest = Sha256.begin();
    for (JsonNode merge : tokenizer.json().path("model").path("merges")) {
      String rule =
          merge.isTextual()
              ? merge.asText()
              : merge.path(0).asText() + " " + merge.path(1).asText();
      digest.update(rule.getBytes(UTF_8));
      digest.update((byte) '\n');
    }
    return Sha256.end(digest);
  }

  /** The tokens that another vocabulary does not have, in the order of their ids. */
  List<String> beyond(Vocabulary other) {
    return ids.keySet().stream()
        .filter(token -> !other.ids.containsKey(token))
        .sorted(Comparator.comparing(ids::get))
        .toList();
  }

  /**
   * The first token by which the two count differently: one that has two ids, or that only one of
   * them has though it is no added token.
   *
   * @return what it is, in words; null where there is none
   */
  @Nullable String differenceFrom(Vocabulary other) {
    return ids.entrySet().stream()
        .filter(token -> !token.getValue().equals(other.idOr(token)))
        .min(Map.Entry.comparingByValue())
        .map(t -> "'%s' is %d and %d".formatted(t.getKey(), t.getValue(), other.idOr(t)))
        .orElseGet(() -> onlyInOne(other));
  }

  private Integer idOr(Map.Entry<String, Integer> token) {
    return ids.getOrDefault(token.getKey(), token.getValue());
  }

  private @Nullable String onlyInOne(Vocabulary other) {
    return Stream.concat(
            beyond(other).stream().filter(token -> !added.contains(token)),
            other.beyond(this).stream().filter(token -> !other.added.contains(token)))
        .findFirst()
        .map("only one has '%s', which is no added token"::formatted)
        .orElse(null);
  }

  public int largestId() {
    return ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
  }
}
