// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

/** IEEE 754 numbers of 16 bits. */
final class Half {
  private static final float SMALLEST = 0x1p-24f;

  private Half() {}

  /** The same number as a float32. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 31;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float size = fraction * SMALLEST;
      return sign == 0 ? size : -size;
    }
    int wider = exponent == 31 ? 255 : exponent + 112;
    return Float.intBitsToFloat(sign | wider << 23 | fraction << 13);
  }
}
