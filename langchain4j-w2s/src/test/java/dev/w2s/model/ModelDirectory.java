// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.Safetensors;
import dev.w2s.model.files.Safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A copy of a golden model, to be changed in one place. */
public record ModelDirectory(Path path) {
  /** Takes and writes bare NaN and Infinity, as Python does. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  /** Says which file has which tensor. */
  public static final String INDEX = "model.safetensors.index.json";

  private static final Pattern WEIGHTS = Pattern.compile("model.*\\.safetensors.*");

  private static final List<String> FILES =
      List.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json");

  public static ModelDirectory copyOf(String model, Path target) {
    return copyOf(Golden.directory(model), target);
  }

  public static ModelDirectory copyOf(Path source, Path target) {
    try {
      Files.createDirectories(target);
      try (Stream<Path> files = Files.list(source)) {
        for (Path file : files.toList()) {
          String name = String.valueOf(file.getFileName());
          if (FILES.contains(name) || WEIGHTS.matcher(name).matches()) {
            Files.copy(file, target.resolve(name));
          }
        }
      }
      return new ModelDirectory(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path file(String name) {
    return path.resolve(name);
  }

  public ModelDirectory delete(String name) {
    try {
      Files.delete(file(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] read(String name) {
    try {
      return Files.readAllBytes(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files of the directory that this process has open; empty where the system does not tell. */
  public List<Path> openFiles() {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return List.of();
    }
    try (Stream<Path> links = Files.list(descriptors)) {
      return links.map(ModelDirectory::target).filter(file -> file.startsWith(path)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      return link; // closed meanwhile, as the descriptor of the listing itself is
    }
  }

  public ModelDirectory write(String name, String text) {
    try {
      Files.writeString(file(name), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelDirectory write(String name, byte[] bytes) {
    try {
      Files.write(file(name), bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelDirectory edit(String name, Consumer<ObjectNode> change) {
    try {
      ObjectNode json = (ObjectNode) JSON.readTree(Files.readAllBytes(file(name)));
      change.accept(json);
      return write(name, JSON.writeValueAsBytes(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets one key of {@code config.json} to a value given as JSON; null removes the key. */
  public ModelDirectory config(String key, String value) {
    return edit("config.json", json -> set(json, key, value));
  }

  public static void set(ObjectNode json, String key, String value) {
    try {
      if (value == null) {
        json.remove(key);
      } else {
        json.set(key, JSON.readTree(value));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ModelDirectory weights(UnaryOperator<Safetensors> change) {
    try {
      Safetensors weights = Safetensors.of(Files.readAllBytes(file("model.safetensors")));
      return write("model.safetensors", change.apply(weights).toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Splits the weights into so many files with an index, tensors in turn. */
  public ModelDirectory shard(int count) {
    Map<String, Tensor> tensors = Safetensors.of(read("model.safetensors")).tensors();
    ObjectNode index = JSON.createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    for (int i = 0; i < count; i++) {
      Map<String, Tensor> own = new LinkedHashMap<>();
      int at = 0;
      for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
        if (at++ % count == i) {
          own.put(tensor.getKey(), tensor.getValue());
          map.put(tensor.getKey(), shard(i, count));
        }
      }
      write(shard(i, count), new Safetensors(own).toBytes());
    }
    return delete("model.safetensors").write(INDEX, index.toString());
  }

  /** The name of a shard, counted from 0. */
  public static String shard(int index, int count) {
    return "model-%05d-of-%05d.safetensors".formatted(index + 1, count);
  }

  /** The tensors of a directory that stays as it is. */
  static Map<String, Safetensors.Tensor> tensors(Path directory) {
    return Safetensors.of(new ModelDirectory(directory).read("model.safetensors")).tensors();
  }

  public CausalModel load() {
    return CausalModel.load(path.toString(), Golden.CPU_FLOAT32);
  }
}
