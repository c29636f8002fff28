// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Places between a printable ASCII character and the space behind it. With most tokenizers the
 * tokens before such a place do not depend on the text after it, nor the other way round:
 *
 * <ul>
 *   <li>No token of the vocabulary has such a place inside, so no added token is found across one,
 *       and byte pairs, which grow token by token, are merged on each side as if the other were not
 *       there.
 *   <li>The normalizer changes neither of the two characters and looks at characters one by one, or
 *       at a character with its combining marks.
 *   <li>The words into which a text is split first do not reach across such a place, or reach
 *       across any.
 * </ul>
 *
 * <p>What a tokenizer does to the start of a text (a space in front, a space taken away) ends
 * before the next place.
 */
final class StablePlaces {
  private static final Set<String> LOCAL_NORMALIZERS =
      Set.of("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Prepend");

  private static final Set<String> LOCAL_SPLITTERS = Set.of("ByteLevel", "Digits", "Punctuation");

  /** A space as it is, as SentencePiece writes it, and as a byte-level vocabulary does. */
  private static final Pattern PLACE = Pattern.compile("[!-~][ \u2581\u0120]");

  private StablePlaces() {}

  /**
   * The last place that begins before a given one.
   *
   * @return the index of its space, below {@code end}; -1 if there is none
   */
  static int lastBefore(String text, int end) {
    for (int space = text.lastIndexOf(' ', end - 1);
        space > 0;
        space = text.lastIndexOf(' ', space - 1)) {
      if (text.charAt(space - 1) > ' ' && text.charAt(space - 1) <= '~') {
        return space;
      }
    }
    return -1;
  }

  /**
   * Whether a tokenizer keeps to the rule; no where it is not known to.
   *
   * @param tokenizer the content of {@code tokenizer.json}
   * @param vocabulary its tokens, added ones included
   */
  static boolean keptBy(JsonNode tokenizer, Collection<String> vocabulary) {
    JsonNode splitter = tokenizer.path("pre_tokenizer");
    return keptByModel(tokenizer.path("model"), splitter)
        && keptByNormalizer(tokenizer.path("normalizer"))
        && keptBySplitter(splitter)
        && vocabulary.stream().noneMatch(token -> PLACE.matcher(token).find());
  }

  private static boolean keptByModel(JsonNode model, JsonNode splitter) {
    return switch (model.path("type").asText(model.has("merges") ? "BPE" : "")) {
      case "BPE" ->
          model.path("dropout").asDouble() == 0
              && model.path("continuing_subword_prefix").asText("").isEmpty()
              && model.path("end_of_word_suffix").asText("").isEmpty();
      // Its sums are rounded, so the same word may fall apart in two ways behind two beginnings.
      case "Unigram" -> splitsAtSpaces(splitter);
      default -> false;
    };
  }

  private static boolean splitsAtSpaces(JsonNode splitter) {
    for (JsonNode part : splitter.path("pretokenizers")) {
      if (splitsAtSpaces(part)) {
        return true;
      }
    }
    return splitter.path("type").asText().equals("Metaspace")
        && splitter.path("split").asBoolean(true);
  }

  private static boolean keptByNormalizer(JsonNode normalizer) {
    if (isAbsent(normalizer)) {
      return true;
    }
    return switch (normalizer.path("type").asText()) {
      case "Sequence" -> all(normalizer.path("normalizers"), StablePlaces::keptByNormalizer);
      case "Replace" ->
          normalizer.path("pattern").path("String").asText().equals(" ")
              && normalizer.path("content").asText().equals("\u2581");
      default -> LOCAL_NORMALIZERS.contains(normalizer.path("type").asText());
    };
  }

  private static boolean keptBySplitter(JsonNode splitter) {
    if (isAbsent(splitter)) {
      return true;
    }
    return switch (splitter.path("type").asText()) {
      case "Sequence" -> all(splitter.path("pretokenizers"), StablePlaces::keptBySplitter);
      case "Metaspace" -> splitter.path("replacement").asText().equals("\u2581");
      case "Split" -> keptBySplit(splitter.path("pattern"));
      default -> LOCAL_SPLITTERS.contains(splitter.path("type").asText());
    };
  }

  private static boolean keptBySplit(JsonNode pattern) {
    return pattern.has("Regex")
        ? SplitPattern.keepsPlaces(pattern.path("Regex").asText())
        : !PLACE.matcher(pattern.path("String").asText()).find();
  }

  private static boolean isAbsent(JsonNode part) {
    return part.isMissingNode() || part.isNull();
  }

  private static boolean all(JsonNode parts, Predicate<JsonNode> rule) {
    for (JsonNode part : parts) {
      if (!rule.test(part)) {
        return false;
      }
    }
    return true;
  }
}
