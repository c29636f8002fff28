// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import dev.w2s.model.files.ModelFolder;
import java.util.List;
import java.util.Objects;

/** The files of a model that say what its tokenizer and its chat template are. */
public final class TokenizerFiles {
  private static final List<String> NAMES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json");

  private TokenizerFiles() {}

  /**
   * Whether both models have the same of them, byte for byte, and the same template and class,
   * which may stand elsewhere.
   */
  public static boolean same(ModelFolder first, ModelFolder second) {
    if (!NAMES.stream().allMatch(name -> first.sameFile(second, name))) {
      return false;
    }
    TokenizerConfig one = TokenizerConfig.read(first);
    TokenizerConfig other = TokenizerConfig.read(second);
    return one.tokenizerClass().equals(other.tokenizerClass())
        && Objects.equals(one.chatTemplate(), other.chatTemplate());
  }
}
