// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The types of a value in a header, in the order of their numbers in the format. */
enum ValueType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(0),
  ARRAY(0),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private static final ValueType[] ALL = values();

  /** A string and an array begin with a length, an array with its elements' type as well. */
  private static final int LENGTH_BYTES = Long.BYTES;

  private final int bytes;

  ValueType(int bytes) {
    this.bytes = bytes;
  }

  /** The type of a number; null where the format has none. */
  static @Nullable ValueType find(int number) {
    return number >= 0 && number < ALL.length ? ALL[number] : null;
  }

  /** Bytes of a value; 0 where they differ. */
  int bytes() {
    return bytes;
  }

  /** Bytes that a value takes at least. */
  int leastBytes() {
    return switch (this) {
      case STRING -> LENGTH_BYTES;
      case ARRAY -> Integer.BYTES + LENGTH_BYTES;
      default -> bytes;
    };
  }

  /**
   * A number or truth value. A float32 is read as the shortest decimal number that is rounded to
   * it, which is what its writer had; a number of 64 bits without sign may come out negative.
   *
   * @return a Boolean, Long or Double
   */
  Object read(ByteBuffer values, int at) {
    return switch (this) {
      case UINT8 -> (long) Byte.toUnsignedInt(values.get(at));
      case INT8 -> (long) values.get(at);
      case UINT16 -> (long) Short.toUnsignedInt(values.getShort(at));
      case INT16 -> (long) values.getShort(at);
      case UINT32 -> Integer.toUnsignedLong(values.getInt(at));
      case INT32 -> (long) values.getInt(at);
      case FLOAT32 -> Double.valueOf(Float.toString(values.getFloat(at)));
      case BOOL -> values.get(at) != 0;
      case UINT64, INT64 -> values.getLong(at);
      case FLOAT64 -> values.getDouble(at);
      case STRING, ARRAY -> throw new IllegalArgumentException(this + " has no fixed size");
    };
  }
}
