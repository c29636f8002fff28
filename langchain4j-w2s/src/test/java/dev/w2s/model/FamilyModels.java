// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.testkit.GoldenFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The tiny models of the families; {@code golden/families/README.md} explains. */
public final class FamilyModels {
  /** Their frequencies depend on the length of the text. */
  static final List<String> BY_LENGTH = List.of("llama-dynamic", "phi3-longrope");

  private FamilyModels() {}

  /** Their names. */
  static Stream<String> names() {
    return GoldenFiles.rows("families/golden.json", "sequences").stream()
        .map(row -> row.get("model").asText())
        .distinct();
  }

  /** What transformers computes with one. */
  static List<JsonNode> rows(String key, String name) {
    return Golden.rows("families/golden.json", key, name).toList();
  }

  /** Where its config and weights are. */
  public static Path directory(String name) {
    return GoldenFiles.directory("families/" + name);
  }

  /** A copy with the tokenizer that all have. */
  public static ModelDirectory copyOf(String name, Path target) {
    ModelDirectory copy = ModelDirectory.copyOf(directory(name), target);
    return copy.write("tokenizer.json", shared("tokenizer.json"))
        .write("tokenizer_config.json", shared("tokenizer_config.json"));
  }

  /** Also out of a jar, which other modules have it in. */
  private static byte[] shared(String file) {
    try (InputStream in = FamilyModels.class.getResourceAsStream("/golden/families/" + file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LoadedModel load(ModelDirectory model) {
    return Golden.load(model.path().toString(), Golden.CPU_FLOAT32);
  }
}
