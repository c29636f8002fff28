// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.files.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFilesTest {
  @TempDir private Path one;
  @TempDir private Path other;

  @BeforeEach
  void writeTheSame() throws IOException {
    for (Path directory : new Path[] {one, other}) {
      Files.writeString(directory.resolve("tokenizer.json"), "{}");
      Files.writeString(directory.resolve("tokenizer_config.json"), "{\"a\": 1}");
    }
  }

  @Test
  void equalFilesAreTheSame() {
    assertThat(TokenizerFiles.same(ModelFolder.of(one), ModelFolder.of(other))).isTrue();
  }

  /** From the first byte on, in the last one, missing, or in a file that stands elsewhere. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "tokenizer.json| {}",
        "tokenizer_config.json|{\"a\": 2}",
        "added_tokens.json|{}",
        "special_tokens_map.json|{}",
        "chat_template.jinja|x",
      },
      ignoreLeadingAndTrailingWhitespace = false)
  void anotherFileMakesAnotherTokenizer(String file, String content) throws IOException {
    Files.writeString(other.resolve(file), content);
    assertThat(TokenizerFiles.same(ModelFolder.of(one), ModelFolder.of(other))).isFalse();
    assertThat(TokenizerFiles.same(ModelFolder.of(other), ModelFolder.of(one))).isFalse();
  }
}
