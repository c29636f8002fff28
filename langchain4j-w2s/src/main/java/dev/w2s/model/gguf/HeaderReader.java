// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.PositionedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;

/**
 * Reads the values of a header one after the other. Whatever a header says of a length is compared
 * with what is left of the file before anything of that length is made.
 */
final class HeaderReader {
  /** The largest vocabularies take a third of it. */
  static final long MOST_BYTES = 64L << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final PositionedFile channel;
  private final long end;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long bufferEnd;

  HeaderReader(PositionedFile channel) {
    this.channel = channel;
    end = Math.min(channel.bytes(), MOST_BYTES);
  }

  /** The place of the next value in the file. */
  long at() {
    return bufferEnd - buffer.remaining();
  }

  int int32(String what) {
    return need(Integer.BYTES, what).getInt();
  }

  long int64(String what) {
    return need(Long.BYTES, what).getLong();
  }

  /**
   * A number of things that follow.
   *
   * @param least bytes that each of them takes
   */
  int count(String what, int least) {
    long count = int64(what);
    long most = (end - at()) / least;
    if (count < 0 || count > most) {
      throw invalid(
          "%s is %s, but at most %d can follow in the %d bytes that are left%s"
              .formatted(what, Long.toUnsignedString(count), most, end - at(), limitHint()));
    }
    return (int) count;
  }

  /** A text; bytes that are not UTF-8 are an error where it is a name, else a question mark. */
  String text(String what, boolean name) {
    ByteBuffer bytes = bytes(count("the length of " + what, 1), what);
    if (!name) {
      return UTF_8.decode(bytes).toString();
    }
    try {
      return UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw InvalidModelException.in(channel.file(), what + " is not UTF-8", e);
    }
  }

  /** The next bytes, as a buffer of their own. */
  ByteBuffer bytes(int length, String what) {
    requireLeft(length, what);
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    int buffered = Math.min(length, buffer.remaining());
    bytes.put(buffer.slice(buffer.position(), buffered));
    buffer.position(buffer.position() + buffered);
    if (bytes.hasRemaining()) {
      int rest = bytes.remaining();
      channel.read(bufferEnd, bytes);
      bufferEnd += rest;
    }
    return bytes.flip();
  }

  private ByteBuffer need(int length, String what) {
    if (buffer.remaining() < length) {
      requireLeft(length, what);
      buffer.compact();
      buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + end - bufferEnd));
      int fresh = buffer.remaining();
      channel.read(bufferEnd, buffer);
      bufferEnd += fresh;
      buffer.flip();
    }
    return buffer;
  }

  private void requireLeft(long length, String what) {
    if (length > end - at()) {
      throw invalid(
          "%s takes %d bytes, but %d are left at byte %d%s"
              .formatted(what, length, end - at(), at(), limitHint()));
    }
  }

  private String limitHint() {
    return end < channel.bytes()
        ? " of the %d that a header may have".formatted(MOST_BYTES)
        : "; the file is cut off or damaged";
  }

  InvalidModelException invalid(String problem) {
    return InvalidModelException.in(channel.file(), problem);
  }
}
