// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenIdsTest {
  private static final TokenIds IDS = TokenIds.of(3, 1, 4);

  @Test
  void areEqualByTheirContent() {
    assertThat(IDS).isEqualTo(TokenIds.of(3).plus(TokenIds.of(1, 4)));
    assertThat(IDS).isNotEqualTo(TokenIds.of(3, 1)).isNotEqualTo(List.of(3, 1, 4));
    assertThat(IDS).hasSameHashCodeAs(List.of(3, 1, 4)).hasToString("[3, 1, 4]");
  }

  @Test
  void haveABeginningInCommon() {
    assertThat(IDS.commonPrefix(TokenIds.of(3, 1, 5))).isEqualTo(2);
    assertThat(IDS.commonPrefix(TokenIds.of(1))).isZero();
    assertThat(IDS.commonPrefix(TokenIds.none())).isZero();
    assertThat(IDS.commonPrefix(TokenIds.of(3, 1, 4))).isEqualTo(3);
  }

  @Test
  void areCutAndJoined() {
    assertThat(IDS.part(1, 3)).isEqualTo(TokenIds.of(1, 4));
    assertThat(IDS.part(1, 1).isEmpty()).isTrue();
    assertThat(IDS.isEmpty()).isFalse();
    assertThat(TokenIds.none().plus(IDS).plus(TokenIds.of(List.of(1, 5))))
        .isEqualTo(TokenIds.of(3, 1, 4, 1, 5));
    assertThat(IDS.size()).isEqualTo(3);
    assertThat(IDS.get(2)).isEqualTo(4);
    assertThat(IDS.toList()).containsExactly(3, 1, 4);
    assertThat(IDS.stream()).containsExactly(3, 1, 4);
  }

  @Test
  void neverChange() {
    int[] given = {3, 1, 4};
    TokenIds ids = TokenIds.of(given);
    given[0] = 7;
    assertThat(ids).isEqualTo(IDS);
    assertThat(TokenIds.none().size()).isZero();
  }
}
