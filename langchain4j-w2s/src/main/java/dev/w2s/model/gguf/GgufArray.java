// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import java.nio.ByteBuffer;

/**
 * An array of numbers in a header, kept as the bytes that it takes in the file.
 *
 * @param type of its elements
 * @param bytes little-endian
 */
record GgufArray(ValueType type, ByteBuffer bytes) {

  int size() {
    return bytes.limit() / type.bytes();
  }

  /** An element, a Boolean, Long or Double. */
  Object get(int index) {
    return type.read(bytes, index * type.bytes());
  }
}
