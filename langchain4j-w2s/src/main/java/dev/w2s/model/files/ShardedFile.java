// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights that lie in several safetensors files, all of them open. As in transformers the tensors
 * are all that the files hold; one that the index does not name is judged like any other. What
 * transformers would not notice is refused: a tensor that stands in two files, of which one would
 * be lost, and one that is not in its file, since index and files are then not of one model.
 */
public final class ShardedFile implements TensorFile {
  private static final int SHOWN = 3;

  private final Path index;
  private final List<SafetensorsFile> shards = new ArrayList<>();
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, SafetensorsFile> shardOf = new LinkedHashMap<>();

  private ShardedFile(Path index) {
    this.index = index;
  }

  /**
   * Opens an index and all files that it names.
   *
   * @throws InvalidModelException if one is missing, may not be read or breaks a rule of the
   *     format, or if index and files contradict each other
   */
  public static ShardedFile open(Path index) {
    ShardIndex read = ShardIndex.of(JsonFile.read(index));
    refuseMissing(read);
    ShardedFile file = new ShardedFile(index);
    try {
      read.files().forEach(shard -> file.add(SafetensorsFile.open(index.resolveSibling(shard))));
      read.shards().forEach(file::requireAt);
      return file;
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static void refuseMissing(ShardIndex index) {
    Path file = index.file().file();
    List<String> all = index.files();
    List<String> missing =
        all.stream()
            .filter(s -> !Files.exists(file.resolveSibling(s), LinkOption.NOFOLLOW_LINKS))
            .toList();
    if (!missing.isEmpty()) {
      throw InvalidModelException.in(
          file,
          "%d of its %d files are missing: %s%s"
              .formatted(
                  missing.size(),
                  all.size(),
                  String.join(", ", missing.subList(0, Math.min(SHOWN, missing.size()))),
                  missing.size() > SHOWN ? ", ..." : ""));
    }
  }

  private void add(SafetensorsFile shard) {
    shards.add(shard);
    shard.tensors().values().forEach(tensor -> add(tensor, shard));
  }

  private void add(StoredTensor tensor, SafetensorsFile shard) {
    SafetensorsFile other = shardOf.put(tensor.name(), shard);
    if (other != null) {
      throw InvalidModelException.in(
          index,
          "tensor %s stands in %s and in %s; one of them must go"
              .formatted(tensor.name(), name(other), name(shard)));
    }
    tensors.put(tensor.name(), tensor);
  }

  private void requireAt(String tensor, String shard) {
    SafetensorsFile holder = shardOf.get(tensor);
    if (holder == null || !name(holder).equals(shard)) {
      throw InvalidModelException.in(
          index,
          "tensor %s should stand in %s, but stands in %s; index and files are not of one model"
              .formatted(tensor, shard, holder == null ? "none of the files" : name(holder)));
    }
  }

  private static String name(SafetensorsFile shard) {
    return String.valueOf(shard.file().getFileName());
  }

  /** The index. */
  @Override
  public Path file() {
    return index;
  }

  @Override
  public Path fileOf(StoredTensor tensor) {
    return shard(tensor).file();
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public void read(StoredTensor tensor, long from, ByteBuffer target) {
    shard(tensor).read(tensor, from, target);
  }

  private SafetensorsFile shard(StoredTensor tensor) {
    SafetensorsFile shard = shardOf.get(tensor.name());
    if (shard == null) {
      throw new IllegalArgumentException(tensor.name() + " is no tensor of " + index);
    }
    return shard;
  }

  @Override
  public void close() {
    InvalidModelException failure = null;
    for (SafetensorsFile shard : shards) {
      try {
        shard.close();
      } catch (InvalidModelException e) {
        failure = e; // the others are closed all the same
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
