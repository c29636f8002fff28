// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;

/**
 * SentencePiece's map of characters, as a {@code Precompiled} normalizer has it in base 64: a
 * length, a double-array trie of so many bytes, and the texts that its values point into.
 */
final class CharacterMap {
  private static final int LABELS = 0xFF;
  private static final int HAS_LEAF = 1 << 8;
  private static final int WIDE = 1 << 9;

  private final IntBuffer trie;
  private final ByteBuffer texts;

  private CharacterMap(IntBuffer trie, ByteBuffer texts) {
    this.trie = trie;
    this.texts = texts;
  }

  /** Whether every step through the trie stays within it and ends at a text. */
  static boolean isWhole(JsonNode base64) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText()))
              .order(ByteOrder.LITTLE_ENDIAN);
      if (bytes.remaining() < Integer.BYTES) {
        return false;
      }
      int length = bytes.getInt();
      if (length < Integer.BYTES || length > bytes.remaining() || length % Integer.BYTES != 0) {
        return false;
      }
      ByteBuffer trie = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer texts = bytes.position(bytes.position() + length).slice();
      UTF_8.newDecoder().decode(texts.duplicate());
      return new CharacterMap(trie.asIntBuffer(), texts).staysWithin();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return false; // no base 64, or texts that are none
    }
  }

  private boolean staysWithin() {
    for (int i = 0; i < trie.capacity(); i++) {
      int unit = trie.get(i);
      if ((i == 0 || unit >= 0) // below 0 a value, but for the root
          && !leadsOn(i ^ offset(unit), (unit & HAS_LEAF) != 0)) {
        return false;
      }
    }
    return true;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & WIDE) >>> 6);
  }

  private boolean leadsOn(int place, boolean hasLeaf) {
    if (place < 0 || (place | LABELS) >= trie.capacity()) {
      return false;
    }
    int value = trie.get(place) & Integer.MAX_VALUE;
    return !hasLeaf || (value < texts.capacity() && !isWithinCharacter(texts.get(value)));
  }

  private static boolean isWithinCharacter(byte utf8) {
    return (utf8 & 0xC0) == 0x80;
  }
}
