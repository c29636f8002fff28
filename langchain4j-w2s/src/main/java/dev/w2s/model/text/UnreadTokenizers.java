// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.ModelFolder;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokenizers in files of other libraries, which stand in older directories without a {@code
 * tokenizer.json}: how they split a text is said in the program code of each model's class.
 */
final class UnreadTokenizers {
  private static final List<String> NAMES =
      List.of("tokenizer.model", "spiece.model", "tekken.json", "vocab.json", "merges.txt");

  private static final String TIKTOKEN = ".tiktoken";

  private UnreadTokenizers() {}

  /**
   * A missing {@code tokenizer.json}: says what is there in its place, and what makes one of it.
   */
  static InvalidModelException missing(ModelFolder folder) {
    List<String> found = new ArrayList<>();
    for (String name : NAMES) {
      if (folder.find(name) != null) {
        found.add(name);
      }
    }
    if (folder.holdsAny("", TIKTOKEN)) {
      found.add("*" + TIKTOKEN);
    }
    String problem = folder.file(TokenizerJson.NAME) + ": no such file";
    return new InvalidModelException(
        found.isEmpty()
            ? problem
            : "%s; %s beside it cannot be read here. In Python"
                    .formatted(problem, String.join(", ", found))
                + " AutoTokenizer.from_pretrained(d).save_pretrained(d), with d the directory,"
                + " makes the file once and for all");
  }
}
