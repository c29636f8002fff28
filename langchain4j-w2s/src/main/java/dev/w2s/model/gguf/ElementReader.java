// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import dev.w2s.model.files.PositionedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads elements of tensors, decoded, through two buffers of some kilobytes. For use by one thread.
 */
final class ElementReader {
  /** At most; a multiple of every block. */
  private static final int PIECE_ELEMENTS = 1 << 14;

  private final PositionedFile channel;
  private final ByteBuffer blocks = buffer();
  private final ByteBuffer decoded = buffer();

  ElementReader(PositionedFile channel) {
    this.channel = channel;
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(PIECE_ELEMENTS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Appends elements of a tensor to a buffer.
   *
   * @param first the first of them, in the file's order
   * @param count how many
   */
  void read(Picture picture, long first, long count, ByteBuffer target) {
    if (picture.source().type().plain() && picture.shift() == 0) {
      int bytes = picture.source().type().blockBytes();
      int length = Math.toIntExact(count * bytes);
      channel.read(
          picture.source().start() + first * bytes, target.slice(target.position(), length));
      target.position(target.position() + length);
      return;
    }
    long at = first;
    while (at < first + count) {
      long end = Math.min(first + count, pieceStart(at) + PIECE_ELEMENTS);
      decode(picture, at, end);
      target.put(decoded);
      at = end;
    }
  }

  private static long pieceStart(long element) {
    return element - element % PIECE_ELEMENTS;
  }

  /** Decodes the blocks that hold the elements; what is left in the buffer are these alone. */
  private void decode(Picture picture, long first, long end) {
    TensorType type = picture.source().type();
    int size = type.blockElements();
    long firstBlock = first / size;
    long endBlock = (end + size - 1) / size;
    blocks.clear().limit(Math.toIntExact((endBlock - firstBlock) * type.blockBytes()));
    channel.read(picture.source().start() + firstBlock * type.blockBytes(), blocks);
    Blocks.decode(type, blocks.flip(), decoded.clear());
    decoded.flip();
    if (picture.shift() != 0) {
      shift(type, picture.shift());
    }
    int bytes = picture.elementBytes();
    decoded.position(Math.toIntExact((first - firstBlock * size) * bytes));
    decoded.limit(Math.toIntExact((end - firstBlock * size) * bytes));
  }

  private void shift(TensorType type, float shift) {
    if (type == TensorType.F16 || type == TensorType.BF16) {
      widen(type);
    }
    for (int at = 0; at < decoded.limit(); at += Float.BYTES) {
      decoded.putFloat(at, decoded.getFloat(at) + shift);
    }
  }

  private void widen(TensorType type) {
    int count = decoded.limit() / Short.BYTES;
    decoded.limit(count * Float.BYTES);
    for (int i = count - 1; i >= 0; i--) { // backwards, so that nothing is overwritten unread
      short half = decoded.getShort(i * Short.BYTES);
      float number = type == TensorType.F16 ? Half.toFloat(half) : Float.intBitsToFloat(half << 16);
      decoded.putFloat(i * Float.BYTES, number);
    }
  }
}
