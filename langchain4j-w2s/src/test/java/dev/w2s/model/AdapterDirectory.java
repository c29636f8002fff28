// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** A copy of a golden adapter, to be changed in one place; it names its base by the whole path. */
record AdapterDirectory(Path path) {
  static final String CONFIG = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";
  private static final ObjectMapper JSON = new ObjectMapper();

  static AdapterDirectory copyOf(String adapter, Path parent) {
    try {
      Path source = Golden.adapter(adapter);
      Path target = Files.createDirectory(parent.resolve(adapter));
      for (String file : List.of(CONFIG, WEIGHTS)) {
        Files.copy(source.resolve(file), target.resolve(file));
      }
      AdapterDirectory copy = new AdapterDirectory(target);
      String base = JSON.readTree(copy.read(CONFIG)).get("base_model_name_or_path").asText();
      Path whole = source.resolve(base).normalize();
      return copy.config("base_model_name_or_path", "\"" + whole + "\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String reference() {
    return path.toString();
  }

  byte[] read(String name) {
    try {
      return Files.readAllBytes(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AdapterDirectory write(String name, byte[] bytes) {
    try {
      Files.write(path.resolve(name), bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AdapterDirectory delete(String name) {
    try {
      Files.delete(path.resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets one key of the config to a value given as JSON; null removes the key. */
  AdapterDirectory config(String key, String value) {
    try {
      ObjectNode json = (ObjectNode) JSON.readTree(read(CONFIG));
      ModelDirectory.set(json, key, value);
      return write(CONFIG, JSON.writeValueAsBytes(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AdapterDirectory weights(UnaryOperator<Safetensors> change) {
    return write(WEIGHTS, change.apply(Safetensors.of(read(WEIGHTS))).toBytes());
  }

  CausalModel load() {
    return CausalModel.load(reference(), Golden.CPU_FLOAT32);
  }
}
