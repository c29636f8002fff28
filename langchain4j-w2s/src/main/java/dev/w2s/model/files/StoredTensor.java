// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.util.List;

/**
 * One tensor of a safetensors file, whose header has been validated.
 *
 * @param name its name
 * @param type F32, F16, BF16, ...
 * @param shape its dimensions
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
public record StoredTensor(String name, String type, List<Long> shape, long begin, long end) {

  /** Bytes of one element. */
  public int elementBytes() {
    Integer bytes = SafetensorsHeader.TYPE_BYTES.get(type);
    return bytes == null ? 0 : bytes;
  }
}
