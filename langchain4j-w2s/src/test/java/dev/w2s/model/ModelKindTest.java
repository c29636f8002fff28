// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.files.InvalidModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelKindTest {

  @Test
  void isReadFromTheConfig() {
    assertThat(Kind.of("embedded:movie-reviews/tuned")).isEqualTo(Kind.LANGUAGE_MODEL);
    assertThat(Kind.of("embedded:movie-reviews/gold")).isEqualTo(Kind.CLASSIFIER);
  }

  @Test
  void nothingElseIsNeeded(@TempDir Path directory) throws Exception {
    Path whole = ModelReference.parse("embedded:movie-reviews/tuned").resolve();
    Files.copy(whole.resolve("config.json"), directory.resolve("config.json"));
    assertThat(Kind.of(directory.toString())).isEqualTo(Kind.LANGUAGE_MODEL);
  }

  @Test
  void anUnknownFamilyAndAMissingDirectoryAreRefused(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"mamba\"}");
    assertThatThrownBy(() -> Kind.of(directory.toString()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("mamba")
        .hasMessageContaining("gpt2");
    assertThatThrownBy(() -> Kind.of(directory.resolve("none").toString()))
        .hasMessageContaining("is not a directory");
  }
}
