// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.util.List;

/**
 * One tensor of a safetensors file. One that exists takes the bytes that it should.
 *
 * @param name its name
 * @param type of every element
 * @param shape its dimensions
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
public record StoredTensor(String name, StoredType type, List<Long> shape, long begin, long end) {
  private static final int BITS = 8;

  /**
   * Checks the components against each other.
   *
   * @throws IllegalArgumentException if the shape does not take the bytes from begin to end; the
   *     message names the rule
   */
  public StoredTensor {
    shape = List.copyOf(shape);
    long bytes = byteSize(type, shape);
    if (bytes != end - begin) {
      throw new IllegalArgumentException(
          "data_offsets [%d, %d] span %d bytes, but %s %s takes %d"
              .formatted(begin, end, end - begin, type, shape, bytes));
    }
  }

  private static long byteSize(StoredType type, List<Long> shape) {
    long bits;
    try {
      long elements = 1;
      for (long dimension : shape) {
        elements = Math.multiplyExact(elements, dimension);
      }
      bits = Math.multiplyExact(elements, (long) type.bits());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("shape " + shape + " is too large", e);
    }
    if (bits % BITS != 0) {
      throw new IllegalArgumentException(
          "%s %s takes %d bits; it must take whole bytes".formatted(type, shape, bits));
    }
    return bits / BITS;
  }
}
