// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import dev.w2s.model.files.InvalidModelException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a GGUF file by their ids. A vocabulary that is padded to the rows of the embedding
 * is read without its padding, as the model's own tokenizer has it.
 */
final class GgufVocabulary {
  static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String TYPES = "tokenizer.ggml.token_type";
  private static final String SCORES = "tokenizer.ggml.scores";

  /** Kinds of a token, in the order of their numbers in the format, which begin with 1. */
  enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  private static final Kind[] KINDS = Kind.values();

  private final GgufMetadata metadata;
  private final List<String> tokens;
  private final @Nullable GgufArray types;
  private final int size;
  private final Map<String, Integer> ids = new HashMap<>();

  GgufVocabulary(GgufMetadata metadata) {
    this.metadata = metadata;
    List<String> all = metadata.texts(TOKENS);
    if (all == null || all.isEmpty()) {
      throw metadata.invalid(TOKENS, "must hold the model's tokens");
    }
    tokens = all;
    types = array(TYPES);
    size = sizeWithoutPadding();
    for (int id = 0; id < size; id++) {
      Integer other = ids.put(tokens.get(id), id);
      if (other != null) {
        throw InvalidModelException.in(
            metadata.file(),
            "%s: token '%s' has two numbers, %d and %d"
                .formatted(TOKENS, tokens.get(id), other, id));
      }
    }
  }

  private @Nullable GgufArray array(String key) {
    GgufArray array = metadata.array(key);
    if (array != null && array.size() != tokens.size()) {
      throw metadata.invalid(key, "must have one element for each of " + tokens.size() + " tokens");
    }
    return array;
  }

  private int sizeWithoutPadding() {
    int end = tokens.size();
    while (end > 0 && isPadding(end - 1)) {
      end--;
    }
    return end;
  }

  private boolean isPadding(int id) {
    return kind(id) == Kind.UNUSED && tokens.get(id).startsWith("[PAD");
  }

  /** Where it was read. */
  Path file() {
    return metadata.file();
  }

  /** Number of tokens. */
  int size() {
    return size;
  }

  String token(int id) {
    return tokens.get(id);
  }

  /** The id of a token; null where it is none. */
  @Nullable Integer id(String token) {
    return ids.get(token);
  }

  Kind kind(int id) {
    if (types == null) {
      return Kind.NORMAL;
    }
    Object number = types.get(id);
    if (number instanceof Long kind && kind >= 1 && kind <= KINDS.length) {
      return KINDS[kind.intValue() - 1];
    }
    if (Long.valueOf(0).equals(number)) {
      return Kind.NORMAL; // "undefined" in the format
    }
    throw InvalidModelException.in(
        metadata.file(),
        "%s: token %d is of type %s; it must be from 1 to %d"
            .formatted(TYPES, id, number, KINDS.length));
  }

  /**
   * How much a token is worth.
   *
   * @throws InvalidModelException if the file has no scores
   */
  double score(int id) {
    GgufArray scores = array(SCORES);
    if (scores == null || !(scores.get(id) instanceof Double score)) {
      throw metadata.invalid(SCORES, "must be numbers, one for each token");
    }
    return score;
  }

  /**
   * The token of an id that the file names. Files carry ids over from their makers' defaults; one
   * that no token has does not count.
   *
   * @param key as in {@code bos_token_id}
   * @return null where it names none
   */
  @Nullable String named(String key) {
    Long id = metadata.wholeNumber("tokenizer.ggml." + key);
    return id == null || id < 0 || id >= size ? null : tokens.get(id.intValue());
  }
}
