// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Weights that lie in several safetensors files, all of them open. As in transformers the tensors
 * are all that the files hold, and one that the index does not name is judged like any other. Of
 * two of one name transformers takes the last, which is right where the index says so, as it does
 * of a file that replaces tensors of others. Otherwise index and files are not of one model, and
 * are refused.
 */
public final class ShardedFile implements TensorFile {
  private static final Logger LOG = LoggerFactory.getLogger(ShardedFile.class);
  private static final int SHOWN = 3;

  private final Path file;
  private final ShardIndex index;
  private final Set<String> replaced = new TreeSet<>();
  private final List<SafetensorsFile> shards = new ArrayList<>();
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, SafetensorsFile> shardOf = new LinkedHashMap<>();

  private ShardedFile(Path file, ShardIndex index) {
    this.file = file;
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
    ShardedFile file = new ShardedFile(index, read);
    try {
      read.files().forEach(shard -> file.add(SafetensorsFile.open(index.resolveSibling(shard))));
      read.shards().forEach(file::requireAt);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
    if (!file.replaced.isEmpty()) {
      LOG.warn(
          "{}: {} tensors stand in two files and count as the index says: {}",
          index,
          file.replaced.size(),
          firstOf(file.replaced));
    }
    return file;
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
          "%d of its %d files are missing: %s"
              .formatted(missing.size(), all.size(), firstOf(missing)));
    }
  }

  private static String firstOf(Collection<String> names) {
    String first = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return names.size() > SHOWN ? first + ", ..." : first;
  }

  private void add(SafetensorsFile shard) {
    shards.add(shard);
    shard.tensors().values().forEach(tensor -> add(tensor, shard));
  }

  private void add(StoredTensor tensor, SafetensorsFile shard) {
    SafetensorsFile other = shardOf.put(tensor.name(), shard);
    if (other != null && !name(shard).equals(index.shards().get(tensor.name()))) {
      throw InvalidModelException.in(
          file,
          "tensor %s stands in %s and in %s; one of them must go"
              .formatted(tensor.name(), name(other), name(shard)));
    }
    if (other != null) {
      replaced.add(tensor.name());
    }
    tensors.put(tensor.name(), tensor);
  }

  private void requireAt(String tensor, String shard) {
    SafetensorsFile holder = shardOf.get(tensor);
    if (holder == null || !name(holder).equals(shard)) {
      throw InvalidModelException.in(
          file,
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
    return file;
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
      throw new IllegalArgumentException(tensor.name() + " is no tensor of " + file);
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
