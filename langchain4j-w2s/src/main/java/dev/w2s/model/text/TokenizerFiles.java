// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import dev.w2s.model.files.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The files of a directory that say what its tokenizer and its chat template are. */
public final class TokenizerFiles {
  private static final List<String> NAMES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json");

  private TokenizerFiles() {}

  /**
   * Whether both directories have the same of them, byte for byte, and the same template and class,
   * which may stand elsewhere.
   */
  public static boolean same(Path first, Path second) {
    if (!NAMES.stream().allMatch(name -> same(first, second, name))) {
      return false;
    }
    TokenizerConfig one = TokenizerConfig.read(first);
    TokenizerConfig other = TokenizerConfig.read(second);
    return one.tokenizerClass().equals(other.tokenizerClass())
        && Objects.equals(one.chatTemplate(), other.chatTemplate());
  }

  private static boolean same(Path first, Path second, String name) {
    Path one = first.resolve(name);
    Path other = second.resolve(name);
    try {
      boolean there = Files.exists(one);
      if (there != Files.exists(other)) {
        return false;
      }
      return !there || Files.mismatch(one, other) < 0;
    } catch (IOException e) {
      throw InvalidModelException.in(one, "cannot be compared with " + other, e);
    }
  }
}
