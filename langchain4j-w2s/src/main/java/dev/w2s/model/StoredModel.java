// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.files.SafetensorsFile;
import dev.w2s.model.files.ShardIndex;
import dev.w2s.model.files.ShardedFile;
import dev.w2s.model.files.TensorFile;
import dev.w2s.model.gguf.GgufFolder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * A model as it lies on disk.
 *
 * @param path its directory or GGUF file
 * @param folder its small files
 */
record StoredModel(Path path, ModelFolder folder) {
  private static final String WEIGHTS = "model.safetensors";

  /** Under these names older models have their weights. */
  private static final List<String> PICKLES =
      List.of("pytorch_model.bin", "pytorch_model.bin.index.json");

  /**
   * Finds a model.
   *
   * @param reference a directory, a GGUF file, {@code embedded:NAME} or {@code
   *     hf:ORG/NAME[@REVISION]}
   * @throws InvalidModelException if there is none
   */
  static StoredModel find(String reference) {
    Path path = ModelReference.parse(reference).resolve();
    return new StoredModel(path, ModelReference.folder(path));
  }

  /** Finds what tells the kind of a model, with or without all else. */
  static StoredModel findConfig(ModelReference reference) {
    Path path = reference.resolveConfig();
    return new StoredModel(path, ModelReference.folder(path));
  }

  /**
   * Finds what a model's tokenizer is read from, with or without its weights.
   *
   * @param reference a directory, {@code embedded:NAME} or {@code hf:ORG/NAME[@REVISION]}
   * @throws InvalidModelException if there is none
   */
  static ModelFolder findTokenizer(String reference) {
    return ModelReference.folder(ModelReference.parse(reference).resolveTokenizer());
  }

  /**
   * Opens its weights.
   *
   * @throws InvalidModelException if they are missing, may not be read, or break a rule of the
   *     format
   */
  TensorFile openWeights() {
    if (folder instanceof GgufFolder gguf) {
      return gguf.openWeights();
    }
    Path file = path.resolve(WEIGHTS);
    if (Files.exists(file)) {
      return SafetensorsFile.open(file); // as in transformers, an index beside it does not count
    }
    Path index = path.resolve(ShardIndex.NAME);
    if (Files.exists(index, LinkOption.NOFOLLOW_LINKS)) {
      return ShardedFile.open(index);
    }
    refusePickles();
    return SafetensorsFile.open(file);
  }

  private void refusePickles() {
    for (String name : PICKLES) {
      if (Files.exists(path.resolve(name))) {
        throw InvalidModelException.in(
            path.resolve(name),
            "is a pickle, which can run code when it is read; save the model as " + WEIGHTS);
      }
    }
  }
}
