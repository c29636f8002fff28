// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The types of parts that the tokenizers' library knows. Its own error about another one does not
 * tell which.
 */
final class TokenizerParts {
  private static final Map<String, Set<String>> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put(
        "normalizer",
        Set.of(
            "BertNormalizer",
            "ByteLevel",
            "Lowercase",
            "NFC",
            "NFD",
            "NFKC",
            "NFKD",
            "Nmt",
            "Precompiled",
            "Prepend",
            "Replace",
            "Sequence",
            "Strip",
            "StripAccents"));
    KNOWN.put(
        "pre_tokenizer",
        Set.of(
            "BertPreTokenizer",
            "ByteLevel",
            "CharDelimiterSplit",
            "Digits",
            "Metaspace",
            "Punctuation",
            "Sequence",
            "Split",
            "UnicodeScripts",
            "Whitespace",
            "WhitespaceSplit"));
    KNOWN.put("model", Set.of("BPE", "Unigram", "WordLevel", "WordPiece"));
    KNOWN.put(
        "post_processor",
        Set.of(
            "BertProcessing", "ByteLevel", "RobertaProcessing", "Sequence", "TemplateProcessing"));
    KNOWN.put(
        "decoder",
        Set.of(
            "BPEDecoder",
            "ByteFallback",
            "ByteLevel",
            "CTC",
            "Fuse",
            "Metaspace",
            "Replace",
            "Sequence",
            "Strip",
            "WordPiece"));
  }

  private TokenizerParts() {}

  /** Names the first part whose type is not known, behind a colon; empty where there is none. */
  static String unknownIn(JsonNode tokenizer) {
    for (Map.Entry<String, Set<String>> part : KNOWN.entrySet()) {
      for (String type : tokenizer.path(part.getKey()).findValuesAsText("type")) {
        if (!part.getValue().contains(type)) {
          return ": its %s is of type %s, which the tokenizers' library does not know"
              .formatted(part.getKey(), type);
        }
      }
    }
    return "";
  }
}
