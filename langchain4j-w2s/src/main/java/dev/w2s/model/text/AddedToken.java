// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.JsonFile;

/**
 * A token that is looked for in a text before the text is split: an entry of {@code added_tokens}.
 *
 * @param content its text
 * @param singleWord whether it must stand apart from letters
 * @param lstrip whether it takes the spaces before it
 * @param rstrip whether it takes the spaces behind it
 * @param normalized whether it is looked for in the normalized text
 * @param special whether decoding leaves it out
 */
record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {

  /** A token given by its text alone. */
  static AddedToken of(String content, boolean special) {
    return new AddedToken(content, false, false, false, !special, special);
  }

  /** A token given as an object; a missing flag is false, but what is not special is normalized. */
  static AddedToken of(JsonFile object) {
    String content = object.text("content");
    if (content == null) {
      throw object.invalid("content", "must be the token's text");
    }
    boolean special = object.flag("special", false);
    return new AddedToken(
        content,
        object.flag("single_word", false),
        object.flag("lstrip", false),
        object.flag("rstrip", false),
        object.flag("normalized", !special),
        special);
  }

  AddedToken asSpecial() {
    return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
  }

  /** Writes it as {@code tokenizer.json} has it. */
  void writeTo(ObjectNode json, int id) {
    json.put("id", id)
        .put("content", content)
        .put("single_word", singleWord)
        .put("lstrip", lstrip)
        .put("rstrip", rstrip)
        .put("normalized", normalized)
        .put("special", special);
  }
}
