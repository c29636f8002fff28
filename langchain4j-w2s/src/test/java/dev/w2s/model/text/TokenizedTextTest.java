// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenizedTextTest {
  /** Three tokens and a last character that belongs to none. */
  private static final TokenizedText TEXT =
      new TokenizedText("ab cd.", TokenIds.of(7, 8, 9), new int[] {0, 1, 2}, new int[] {1, 2, 5});

  @Test
  void textsHaveABeginningInCommon() {
    assertThat(TEXT.commonPrefix("ab x".toCharArray())).isEqualTo(3);
    assertThat(TEXT.commonPrefix("xb cd.".toCharArray())).isZero();
    assertThat(TEXT.commonPrefix("ab cd.".toCharArray())).isEqualTo(6);
  }

  @Test
  void tokensAreCountedWhereNoneLiesAcross() {
    assertThat(TEXT.tokensBefore(0)).isZero();
    assertThat(TEXT.tokensBefore(1)).isEqualTo(1);
    assertThat(TEXT.tokensBefore(2)).isEqualTo(2);
    assertThat(TEXT.tokensBefore(3)).isEqualTo(-1);
    assertThat(TEXT.tokensBefore(5)).isEqualTo(3);
    assertThat(TEXT.tokensBefore(6)).isEqualTo(3);
  }

  @Test
  void allTokensEndWhereTheTextDoes() {
    assertThat(TEXT.endOf(0)).isZero();
    assertThat(TEXT.endOf(2)).isEqualTo(2);
    assertThat(TEXT.endOf(3)).isEqualTo(6);
  }

  @Test
  void tokensThatStartBeforeAPlaceAreNotBehindIt() {
    assertThat(TEXT.from(0).tokens()).isEqualTo(TokenIds.of(7, 8, 9));
    assertThat(TEXT.from(1).tokens()).isEqualTo(TokenIds.of(8, 9));
    assertThat(TEXT.from(3).tokens().isEmpty()).isTrue();
    assertThat(TEXT.from(6).tokens().isEmpty()).isTrue();
  }

  /** The window's tokens move to where its text stands in the whole. */
  @Test
  void aWindowIsJoined() {
    TokenizedText window =
        new TokenizedText(" cd ef", TokenIds.of(9, 5), new int[] {0, 3}, new int[] {3, 6});
    TokenizedText joined = TEXT.join(3, window, 1, "ab cd ef".toCharArray());
    assertThat(joined.tokens()).isEqualTo(TokenIds.of(7, 8, 9, 5));
    assertThat(joined.tokensBefore(5)).isEqualTo(3);
    assertThat(joined.tokensBefore(7)).isEqualTo(-1);
    assertThat(joined.endOf(3)).isEqualTo(5);
    assertThat(joined.from(5).tokens()).isEqualTo(TokenIds.of(5));
    assertThat(joined.from(8).tokens().isEmpty()).isTrue();
  }
}
