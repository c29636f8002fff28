// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Maps made by hand. A trie is of units of 32 bits (github.com/s-yata/darts-clone): the lowest byte
 * is a unit's label, bit 8 says that it has a value, bit 9 that its offset, from bit 10 on, counts
 * in 256s; the unit of a value has the highest bit. Children of the unit at i lie at i ^ offset,
 * with their labels over the lowest byte.
 */
class CharacterMapTest {
  private static final int HAS_LEAF = 1 << 8;
  private static final int WIDE = 1 << 9;
  private static final int LEAF = 1 << 31;

  /** Texts of one byte, of two, and the end of both. */
  private static final byte[] TEXTS = {'a', 0, (byte) 0xC3, (byte) 0xA9, 0};

  private static boolean isWhole(byte[] bytes) {
    return CharacterMap.isWhole(TextNode.valueOf(Base64.getEncoder().encodeToString(bytes)));
  }

  private static byte[] map(int length, int[] trie, byte[] texts) {
    ByteBuffer bytes =
        ByteBuffer.allocate(4 + 4 * trie.length + texts.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(length);
    for (int unit : trie) {
      bytes.putInt(unit);
    }
    return bytes.put(texts).array();
  }

  private static byte[] map(int[] trie) {
    return map(4 * trie.length, trie, TEXTS);
  }

  /** A root whose children begin at an offset; all other units are values that nothing leads to. */
  private static int[] trie(int units, int root) {
    int[] trie = new int[units];
    trie[0] = root;
    for (int i = 1; i < units; i++) {
      trie[i] = LEAF;
    }
    return trie;
  }

  private static int offset(int units) {
    return units << 10;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255})
  void childrenLieWithinTheTrie(int offset) {
    assertThat(isWhole(map(trie(256, offset(offset))))).isTrue();
    assertThat(isWhole(map(trie(255, offset(offset))))).as("of 256 labels one lacks").isFalse();
  }

  @Test
  void childrenOfABlockBehindTheEndAreOutside() {
    assertThat(isWhole(map(trie(512, offset(511))))).isTrue();
    assertThat(isWhole(map(trie(512, offset(512))))).isFalse();
  }

  /** One 256th of the offset is said: 1 is 256, and 2 is 512. */
  @Test
  void aWideOffsetCountsInBlocks() {
    assertThat(isWhole(map(trie(512, offset(1) | WIDE)))).isTrue();
    assertThat(isWhole(map(trie(511, offset(1) | WIDE)))).isFalse();
    assertThat(isWhole(map(trie(512, offset(2) | WIDE)))).isFalse();
  }

  /** From unit 300 the offset 0 leads to 300, and 256 to 44. */
  @Test
  void everyUnitLeadsOn() {
    int[] trie = trie(512, 0);
    trie[300] = offset(256);
    assertThat(isWhole(map(trie))).isTrue();
    trie[300] = offset(512);
    assertThat(isWhole(map(trie))).isFalse();
    int[] cut = trie(300, 0);
    assertThat(isWhole(map(cut))).isTrue();
    cut[299] = 0;
    assertThat(isWhole(map(cut))).as("its children would reach to 511").isFalse();
  }

  /** The root is a unit like any other, whatever its highest bit. */
  @Test
  void theRootIsNoValue() {
    assertThat(isWhole(map(trie(256, LEAF)))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "2, true", "3, false", "4, true", "5, false", "1000, false"})
  void aValueIsTheStartOfAText(int value, boolean expected) {
    int[] trie = trie(256, HAS_LEAF | offset(7));
    trie[7] = LEAF | value;
    assertThat(isWhole(map(trie))).isEqualTo(expected);
    trie[0] = offset(7);
    assertThat(isWhole(map(trie))).as("nothing leads to it").isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1024, true",
    "1020, false", // too few for the labels
    "1023, false", // no whole unit
    "1032, false", // beyond the end
    "3, false",
    "0, false",
    "-4, false"
  })
  void theLengthIsThatOfTheTrie(int length, boolean expected) {
    assertThat(isWhole(map(length, trie(256, 0), TEXTS))).isEqualTo(expected);
  }

  @Test
  void textsAreUtf8() {
    assertThat(isWhole(map(1024, trie(256, 0), new byte[] {(byte) 0xC3}))).isFalse();
    assertThat(isWhole(map(1024, trie(256, 0), new byte[0]))).isTrue();
  }

  @Test
  void whatIsNoMapIsNone() {
    assertThat(CharacterMap.isWhole(MissingNode.getInstance())).isFalse();
    assertThat(CharacterMap.isWhole(TextNode.valueOf("????"))).isFalse();
    assertThat(isWhole(new byte[3])).isFalse();
    assertThat(isWhole(new byte[4])).isFalse();
  }
}
