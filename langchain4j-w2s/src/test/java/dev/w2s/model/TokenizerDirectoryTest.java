// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerDirectoryTest {
  @TempDir private Path directory;

  @Test
  void needsNeitherWeightsNorAConfig() {
    ModelDirectory model =
        ModelDirectory.copyOf("llama-gqa", directory.resolve("model"))
            .delete("model.safetensors")
            .delete("config.json");
    try (TokenizerDirectory tokenizer = TokenizerDirectory.open(model.path().toString())) {
      assertThat(tokenizer.eosTokens()).containsExactly(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000000000000", "0", "-1", "[300, 300]", "\"300\""})
  void refusesWhatIsNoSize(String size) {
    ModelDirectory model =
        ModelDirectory.copyOf("llama-gqa", directory.resolve("model")).config("vocab_size", size);
    assertThatThrownBy(() -> TokenizerDirectory.open(model.path().toString()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("config.json: vocab_size is ");
  }
}
