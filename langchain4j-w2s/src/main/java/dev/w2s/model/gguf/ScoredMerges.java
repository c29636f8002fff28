// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.w2s.model.files.InvalidModelException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * The merges of a SentencePiece vocabulary. SentencePiece has none: of all neighbours that make a
 * token it joins those first whose token is worth most. In merges this is said by every way to cut
 * a token in two, the tokens that are worth most first ({@code generate_merges} of transformers).
 */
final class ScoredMerges {
  /**
   * Longer tokens are no words. The number of cuts grows with the square of it, and a file is not
   * trusted.
   */
  private static final int MOST_LETTERS = 256;

  private static final Comparator<Merge> BEST_FIRST =
      Comparator.comparingDouble(Merge::score)
          .thenComparingInt(Merge::leftLetters)
          .thenComparingInt(Merge::rightLetters)
          .reversed();

  private final GgufVocabulary vocabulary;
  private final Map<String, Integer> ids;
  private final IntToDoubleFunction scores;

  /**
   * @param ids the tokens as they count, which may be spelled otherwise than in the file
   * @param scores what a token is worth, by its id
   */
  ScoredMerges(GgufVocabulary vocabulary, Map<String, Integer> ids, IntToDoubleFunction scores) {
    this.vocabulary = vocabulary;
    this.ids = ids;
    this.scores = scores;
  }

  /**
   * A merge.
   *
   * @param parts the two tokens, with a space between
   * @param leftLetters length of the first
   * @param rightLetters that of the second
   * @param score what the token is worth that they make
   */
  private record Merge(String parts, int leftLetters, int rightLetters, double score) {}

  void writeTo(ArrayNode merges) {
    List<Merge> all = new ArrayList<>();
    ids.forEach(
        (token, id) -> {
          switch (vocabulary.kind(id)) {
            case NORMAL, USER_DEFINED, UNUSED -> addCuts(token, id, all);
            case CONTROL, UNKNOWN, BYTE -> {} // never made of others
          }
        });
    all.sort(BEST_FIRST);
    all.forEach(merge -> merges.add(merge.parts()));
  }

  private void addCuts(String token, int id, List<Merge> all) {
    int letters = letters(token);
    if (letters > MOST_LETTERS) {
      throw InvalidModelException.in(
          vocabulary.file(),
          "%s: token %d has %d characters; it must have at most %d"
              .formatted(GgufVocabulary.TOKENS, id, letters, MOST_LETTERS));
    }
    if (token.indexOf(' ') >= 0) {
      return; // texts have none left when they are merged
    }
    double score = scores.applyAsDouble(id);
    int at = 0;
    for (int left = 1; left < letters; left++) {
      at = token.offsetByCodePoints(at, 1);
      String right = token.substring(at);
      String first = token.substring(0, at);
      if (ids.containsKey(first) && ids.containsKey(right)) {
        all.add(new Merge(first + " " + right, left, letters - left, score));
      }
    }
  }

  private static int letters(String text) {
    return text.codePointCount(0, text.length());
  }
}
