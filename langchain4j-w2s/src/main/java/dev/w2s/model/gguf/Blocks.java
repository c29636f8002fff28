// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import java.nio.ByteBuffer;

/**
 * Turns blocks of a quantised type into float32 numbers. Each is computed as the reference does it
 * ({@code gguf/quants.py} of llama.cpp), in float32 and in that order, so that the bits are the
 * same. A block holds its scale, and the least value where it has one, as float16, and integers of
 * few bits beside them: the low half of all bytes first, then the high half.
 */
final class Blocks {
  private Blocks() {}

  /**
   * Decodes whole blocks; a plain type is copied.
   *
   * @param blocks read up to its limit; little-endian
   * @param numbers written; little-endian
   */
  static void decode(TensorType type, ByteBuffer blocks, ByteBuffer numbers) {
    switch (type) {
      case F32, F16, BF16 -> numbers.put(blocks);
      case Q4_0 -> q40(blocks, numbers);
      case Q4_1 -> q41(blocks, numbers);
      case Q5_0 -> q50(blocks, numbers);
      case Q5_1 -> q51(blocks, numbers);
      case Q8_0 -> q80(blocks, numbers);
      case Q4_K -> parts(blocks, numbers, /* fiveBits= */ false);
      case Q5_K -> parts(blocks, numbers, /* fiveBits= */ true);
      case Q6_K -> q6k(blocks, numbers);
    }
  }

  /** 32 elements: scale, 16 bytes; offset 8. */
  private static void q40(ByteBuffer blocks, ByteBuffer numbers) {
    while (blocks.hasRemaining()) {
      float scale = Half.toFloat(blocks.getShort());
      int bytes = blocks.position();
      for (int i = 0; i < 16; i++) {
        numbers.putFloat(scale * ((blocks.get(bytes + i) & 15) - 8));
      }
      for (int i = 0; i < 16; i++) {
        numbers.putFloat(scale * (((blocks.get(bytes + i) >> 4) & 15) - 8));
      }
      blocks.position(bytes + 16);
    }
  }

  /** 32 elements: scale, least value, 16 bytes. */
  private static void q41(ByteBuffer blocks, ByteBuffer numbers) {
    while (blocks.hasRemaining()) {
      float scale = Half.toFloat(blocks.getShort());
      float least = Half.toFloat(blocks.getShort());
      int bytes = blocks.position();
      for (int i = 0; i < 16; i++) {
        numbers.putFloat(scale * (blocks.get(bytes + i) & 15) + least);
      }
      for (int i = 0; i < 16; i++) {
        numbers.putFloat(scale * ((blocks.get(bytes + i) >> 4) & 15) + least);
      }
      blocks.position(bytes + 16);
    }
  }

  /** 32 elements: scale, a fifth bit for each, 16 bytes; offset 16. */
  private static void q50(ByteBuffer blocks, ByteBuffer numbers) {
    while (blocks.hasRemaining()) {
      float scale = Half.toFloat(blocks.getShort());
      int fifths = blocks.getInt();
      int bytes = blocks.position();
      for (int i = 0; i < 32; i++) {
        numbers.putFloat(scale * (fiveBits(blocks, bytes, fifths, i) - 16));
      }
      blocks.position(bytes + 16);
    }
  }

  /** 32 elements: scale, least value, a fifth bit for each, 16 bytes. */
  private static void q51(ByteBuffer blocks, ByteBuffer numbers) {
    while (blocks.hasRemaining()) {
      float scale = Half.toFloat(blocks.getShort());
      float least = Half.toFloat(blocks.getShort());
      int fifths = blocks.getInt();
      int bytes = blocks.position();
      for (int i = 0; i < 32; i++) {
        numbers.putFloat(scale * fiveBits(blocks, bytes, fifths, i) + least);
      }
      blocks.position(bytes + 16);
    }
  }

  private static int fiveBits(ByteBuffer blocks, int bytes, int fifths, int element) {
    int four = (blocks.get(bytes + element % 16) >> (element < 16 ? 0 : 4)) & 15;
    return four | ((fifths >>> element) & 1) << 4;
  }

  /** 32 elements: scale, 32 signed bytes. */
  private static void q80(ByteBuffer blocks, ByteBuffer numbers) {
    while (blocks.hasRemaining()) {
      float scale = Half.toFloat(blocks.getShort());
      for (int i = 0; i < 32; i++) {
        numbers.putFloat(blocks.get() * scale);
      }
    }
  }

  /**
   * 256 elements in 8 parts of 32: scale of the scales, scale of the least values, both for each
   * part in 6 bits, 32 bytes of fifth bits where there are any, one of each for a part, 128 bytes.
   */
  private static void parts(ByteBuffer blocks, ByteBuffer numbers, boolean fiveBits) {
    while (blocks.hasRemaining()) {
      float scale = Half.toFloat(blocks.getShort());
      float least = Half.toFloat(blocks.getShort());
      int scales = blocks.position();
      int fifths = scales + 12;
      int bytes = fiveBits ? fifths + 32 : fifths;
      for (int part = 0; part < 8; part++) {
        float partScale = scale * scaleOf(blocks, scales, part);
        float partLeast = least * leastOf(blocks, scales, part);
        int from = bytes + part / 2 * 32;
        int shift = part % 2 * 4;
        for (int i = 0; i < 32; i++) {
          int four = (blocks.get(from + i) >> shift) & 15;
          int fifth = fiveBits ? (blocks.get(fifths + i) >> part) & 1 : 0;
          numbers.putFloat(partScale * (four | fifth << 4) - partLeast);
        }
      }
      blocks.position(bytes + 128);
    }
  }

  /** Of the first four parts in the low 6 bits of bytes 0 to 3, of the others scattered. */
  private static int scaleOf(ByteBuffer blocks, int scales, int part) {
    if (part < 4) {
      return blocks.get(scales + part) & 63;
    }
    return (blocks.get(scales + 4 + part) & 15) | ((blocks.get(scales + part - 4) >> 2) & 48);
  }

  private static int leastOf(ByteBuffer blocks, int scales, int part) {
    if (part < 4) {
      return blocks.get(scales + 4 + part) & 63;
    }
    return ((blocks.get(scales + 4 + part) >> 4) & 15) | ((blocks.get(scales + part) >> 2) & 48);
  }

  /**
   * 256 elements in 16 parts of 16: 128 bytes of low 4 bits, 64 of high 2 bits, a signed byte of
   * scale for each part, scale of the scales; offset 32.
   */
  private static void q6k(ByteBuffer blocks, ByteBuffer numbers) {
    while (blocks.hasRemaining()) {
      int lows = blocks.position();
      int highs = lows + 128;
      int scales = highs + 64;
      float scale = Half.toFloat(blocks.getShort(scales + 16));
      for (int part = 0; part < 16; part++) {
        float partScale = scale * blocks.get(scales + part);
        int half = part / 8;
        int quarter = part % 8 / 2; // of a half's 128 elements
        int column = part % 2 * 16;
        int low = lows + half * 64 + quarter % 2 * 32 + column;
        int high = highs + half * 32 + column;
        for (int i = 0; i < 16; i++) {
          int four = (blocks.get(low + i) >> (quarter / 2 * 4)) & 15;
          int two = (blocks.get(high + i) >> (quarter * 2)) & 3;
          numbers.putFloat(partScale * ((four | two << 4) - 32));
        }
      }
      blocks.position(scales + 18);
    }
  }
}
