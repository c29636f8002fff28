// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.files.SafetensorsFile;
import dev.w2s.model.files.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model as it lies on disk.
 *
 * @param path its directory
 * @param folder its small files
 */
record StoredModel(Path path, ModelFolder folder) {

  /**
   * Finds a model.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @throws InvalidModelException if there is none
   */
  static StoredModel find(String reference) {
    Path directory = ModelReference.parse(reference).resolve();
    return new StoredModel(directory, ModelFolder.of(directory));
  }

  /**
   * Finds what a model's tokenizer is read from, with or without its weights.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @throws InvalidModelException if there is none
   */
  static ModelFolder findTokenizer(String reference) {
    return ModelFolder.of(ModelReference.parse(reference).resolveTokenizer());
  }

  /**
   * Opens its weights.
   *
   * @throws InvalidModelException if they are missing, may not be read, or break a rule of the
   *     format
   */
  TensorFile openWeights() {
    Path file = path.resolve("model.safetensors");
    Path index = path.resolve("model.safetensors.index.json");
    if (!Files.exists(file) && Files.exists(index)) {
      throw InvalidModelException.in(
          index, "weights in several files are not supported; one model.safetensors is needed");
    }
    return SafetensorsFile.open(file);
  }
}
