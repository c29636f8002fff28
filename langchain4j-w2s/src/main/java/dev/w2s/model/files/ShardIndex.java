// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The index of weights that lie in several files, {@code model.safetensors.index.json}. Its {@code
 * metadata.total_size} is not read: every file tells its own size, and tools count tied weights in
 * different ways.
 *
 * @param file where it was read
 * @param shards the name of each tensor's file, in the index's order
 */
public record ShardIndex(JsonFile file, Map<String, String> shards) {
  /** Its name in a model's directory. */
  public static final String NAME = "model.safetensors.index.json";

  private static final String MAP = "weight_map";

  /** A plain name: nothing outside of the directory can be meant. */
  private static final Pattern SHARD = Pattern.compile("[^/\\\\:\\p{Cntrl}]+\\.safetensors");

  /**
   * Reads an index.
   *
   * @throws InvalidModelException if {@code weight_map} is missing or empty, or one of its files is
   *     no plain name of a safetensors file
   */
  public static ShardIndex of(JsonFile index) {
    JsonFile map = index.object(MAP);
    if (map == null || map.keys().isEmpty()) {
      throw index.invalid(MAP, "must hold a file for every tensor");
    }
    Map<String, String> shards = new LinkedHashMap<>();
    for (String tensor : map.keys()) {
      String shard = map.text(tensor);
      if (shard == null || !SHARD.matcher(shard).matches()) {
        throw map.invalid(
            tensor,
            "must be the name of a .safetensors file in the same directory, without a path");
      }
      shards.put(tensor, shard);
    }
    return new ShardIndex(index, shards);
  }

  /** The names of the files, each once, in their order. */
  public List<String> files() {
    return List.copyOf(new TreeSet<>(shards.values()));
  }
}
