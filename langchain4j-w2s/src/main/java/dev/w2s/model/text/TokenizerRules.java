// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the tokenizers' library takes for granted of a {@code tokenizer.json}: where a file does
 * otherwise it ends the process, which no caller can catch.
 */
final class TokenizerRules {
  /** Most objects and lists within each other; the library's own JSON reader takes 128. */
  private static final int MOST_LEVELS = 48;

  private final JsonFile file;

  private TokenizerRules(JsonFile file) {
    this.file = file;
  }

  /**
   * Checks a file.
   *
   * @throws InvalidModelException if it breaks a rule
   */
  static void check(JsonFile file) {
    TokenizerRules rules = new TokenizerRules(file);
    JsonNode json = file.json();
    json.forEach(part -> rules.requireShallow(part, MOST_LEVELS));
    rules.checkNormalizer(json.path("normalizer"));
    rules.checkMerges(json.path("model"));
    for (String part : List.of("normalizer", "pre_tokenizer", "decoder")) {
      json.path(part).findValuesAsText("Regex").forEach(rules::checkExpression);
    }
    for (JsonNode template : json.path("post_processor").findParents("single")) {
      template.path("single").forEach(piece -> rules.checkTemplate(template, piece));
    }
  }

  private void requireShallow(JsonNode node, int levels) {
    if (levels == 0) {
      throw invalid("is nested deeper than " + MOST_LEVELS + " levels");
    }
    if (node.isContainerNode()) {
      node.forEach(inner -> requireShallow(inner, levels - 1));
    }
  }

  private void checkNormalizer(JsonNode normalizer) {
    switch (normalizer.path("type").asText()) {
      case "Sequence" -> normalizer.path("normalizers").forEach(this::checkNormalizer);
      case "Prepend" -> {
        if (normalizer.path("prepend").asText().isEmpty()) {
          throw invalid("has a normalizer Prepend of nothing");
        }
      }
      case "Replace" -> {
        if (matchesNothing(normalizer.path("pattern"))) {
          throw invalid("has a normalizer Replace whose pattern matches nothing at all");
        }
      }
      case "Precompiled" -> {
        if (!CharacterMap.isWhole(normalizer.path("precompiled_charsmap"))) {
          throw invalid("has a normalizer Precompiled whose precompiled_charsmap is damaged");
        }
      }
      default -> {}
    }
  }

  /** Expressions that only the library's engine knows are left to it. */
  private static boolean matchesNothing(JsonNode pattern) {
    if (pattern.has("String")) {
      return pattern.path("String").asText().isEmpty();
    }
    try {
      return Pattern.compile(pattern.path("Regex").asText()).matcher("").find();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private void checkExpression(String expression) {
    if (Backtracking.mayBeEndless(expression)) {
      throw invalid(
          "has a regular expression that may backtrack without end, since it repeats what itself"
              + " has choices, refers to a group or has too many repetitions in a row: "
              + expression);
    }
  }

  /** The second token of a merge is no word's first, so that it begins as those do. */
  private void checkMerges(JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asText("");
    if (prefix.isEmpty() || model.path("continuing_subword_prefix").isNull()) {
      return;
    }
    for (JsonNode merge : model.path("merges")) {
      String second =
          merge.isTextual()
              ? merge.asText().substring(merge.asText().indexOf(' ') + 1)
              : merge.path(1).asText();
      if (!second.startsWith(prefix)) {
        throw invalid(
            "merges %s, whose second token does not begin with continuing_subword_prefix '%s'"
                .formatted(merge, prefix));
      }
    }
  }

  /** A template for one text has no second, and its special tokens are listed beside it. */
  private void checkTemplate(JsonNode template, JsonNode piece) {
    String special = piece.path("SpecialToken").path("id").asText(null);
    if (special != null && !template.path("special_tokens").has(special)) {
      throw invalid(
          "has a post_processor whose single names %s, which special_tokens lacks"
              .formatted(special));
    }
    String sequence = piece.path("Sequence").path("id").asText("A");
    if (!sequence.equals("A")) {
      throw invalid("has a post_processor whose single asks for text " + sequence);
    }
  }

  private InvalidModelException invalid(String problem) {
    return InvalidModelException.in(file.file(), problem);
  }
}
