// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import org.jspecify.annotations.Nullable;

/**
 * What a file says of its model, under keys that begin with the architecture.
 *
 * @param metadata of the file
 * @param architecture whose keys are read
 */
record Hyperparameters(GgufMetadata metadata, String architecture) {
  static final String HEADS = "attention.head_count";
  static final String KV_HEADS = "attention.head_count_kv";

  String key(String name) {
    return architecture + "." + name;
  }

  /** A whole number, which may be given once for each layer if it is the same. */
  @Nullable Integer integer(String name) {
    return metadata.sameInAllLayers(key(name));
  }

  int requiredInteger(String name) {
    Integer value = integer(name);
    if (value == null) {
      throw metadata.invalid(key(name), "must be given");
    }
    return value;
  }

  @Nullable Double number(String name) {
    return metadata.number(key(name));
  }

  /** Query heads, at least 1. */
  int heads() {
    int heads = requiredInteger(HEADS);
    if (heads == 0) {
      throw metadata.invalid(key(HEADS), "must be at least 1");
    }
    return heads;
  }

  /** Key and value heads, at least 1; those of the queries where nothing is said. */
  int kvHeads() {
    Integer heads = integer(KV_HEADS);
    if (heads != null && heads == 0) {
      throw metadata.invalid(key(KV_HEADS), "must be at least 1");
    }
    return heads == null ? heads() : heads;
  }
}
