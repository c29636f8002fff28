// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.JsonFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The {@code added_tokens} of a {@code tokenizer.json}, and those that its config adds. One that
 * the model's vocabulary has keeps its number; others follow behind it in their order, whatever
 * number stands beside them, for so the library numbers them.
 */
final class AddedTokens {
  private static final String KEY = "added_tokens";

  private final JsonFile file;
  private final int modelVocabulary;
  private final Map<String, AddedToken> tokens = new LinkedHashMap<>();
  private final Map<String, Integer> numbered = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param modelVocabulary how many token ids the model knows
   */
  AddedTokens(JsonFile file, int modelVocabulary) {
    this.file = file;
    this.modelVocabulary = modelVocabulary;
    for (JsonNode token : file.json().path(KEY)) {
      if (token instanceof ObjectNode object) {
        JsonFile own = new JsonFile(file.file(), KEY + ".", object);
        AddedToken added = AddedToken.of(own);
        tokens.put(added.content(), added);
        numbered.put(added.content(), own.integer("id", null, 0, Integer.MAX_VALUE));
      }
    }
  }

  /**
   * Adds a config's tokens to the file. Listed ones replace those of the same text; special ones
   * are added where they are missing, but for the one that ends a text.
   *
   * @return the tokens of the model's vocabulary and all that are added
   */
  Vocabulary addAll(TokenizerConfig config) {
    List<AddedToken> special = config.specialTokens();
    Set<String> names = special.stream().map(AddedToken::content).collect(Collectors.toSet());
    for (AddedToken token : config.listed()) {
      tokens.put(token.content(), names.contains(token.content()) ? token.asSpecial() : token);
    }
    special.stream()
        .filter(token -> !token.content().equals(config.namedEosToken())) // never made up
        .forEach(token -> tokens.putIfAbsent(token.content(), token));

    Map<String, Integer> ids = Vocabulary.ofModel(file);
    int next = ids.size();
    Set<String> added = new HashSet<>();
    ArrayNode written = file.json().putArray(KEY);
    for (AddedToken token : tokens.values()) {
      int id = ids.getOrDefault(token.content(), next);
      if (fits(token.content(), id)) {
        ids.put(token.content(), id);
        added.add(token.content());
        token.writeTo(written.addObject(), id);
        next = Math.max(next, id + 1);
      }
    }
    return new Vocabulary(Map.copyOf(ids), Set.copyOf(added), Vocabulary.mergesOf(file));
  }

  private boolean fits(String content, int id) {
    Integer own = numbered.get(content);
    if (own != null && own != id) {
      warnings.add(
          "%s: token '%s' is numbered %d; it counts as %d, which follows the vocabulary"
              .formatted(file.file(), content, own, id));
    }
    if (own == null && id >= modelVocabulary) {
      warnings.add(
          "%s: token '%s' of the files beside it is left out; it would be %d of the model's %d"
              .formatted(file.file(), content, id, modelVocabulary));
      return false;
    }
    return true;
  }

  /** What is said but not done. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
