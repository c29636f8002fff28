// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {

  @TempDir private Path directory;

  @Test
  void aDirectoryIsItself() {
    ModelReference reference = ModelReference.parse(directory.toString());
    assertThat(reference.text()).isEqualTo(directory.toString());
    assertThat(reference.resolve()).isEqualTo(directory);
  }

  @Test
  void anEmbeddedModelIsUnpacked() {
    assertThat(ModelReference.parse("embedded:movie-reviews/gold").resolve().resolve("config.json"))
        .isRegularFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void refusesAnEmptyReference(String text) {
    assertThatThrownBy(() -> ModelReference.parse(text))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(
            "model reference is empty; it must be a directory, a .gguf file, embedded:NAME or"
                + " hf:ORG/NAME");
  }

  @Test
  void refusesAHubReferenceThatNamesNoRepository() {
    assertThatThrownBy(() -> ModelReference.parse("hf:a/b/c"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll("hf:a/b/c", "is no repository");
  }

  @Test
  void refusesWhatIsNoDirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    for (String text : new String[] {file.toString(), directory.resolve("none").toString()}) {
      assertThatThrownBy(() -> ModelReference.parse(text).resolve())
          .isInstanceOf(InvalidModelException.class)
          .hasMessage("model reference '" + text + "' is not a directory");
    }
  }

  @Test
  void refusesWhatIsNoPath() {
    assertThatThrownBy(() -> ModelReference.parse("a\0b").resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("is not a path");
  }

  /** What a locale cannot spell reaches Java as U+FFFD. */
  @Test
  void whatTheLocaleCannotSpellIsExplained() {
    assertThatThrownBy(() -> ModelReference.parse("\uFFFD\0").resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll("(the locale cannot spell '\uFFFD", "LC_ALL=C.UTF-8 helps)");
  }

  @Test
  void refusesAnEmbeddedModelWithoutName() {
    assertThatThrownBy(() -> ModelReference.parse("embedded:").resolve())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("a name is made of");
  }
}
