// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class Sha256Test {
  /** The one-block message of FIPS 180-2, appendix B.1. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void theSumIsThatOfTheStandard() {
    assertThat(Sha256.of("abc".getBytes(US_ASCII))).isEqualTo(ABC);
  }

  @Test
  void bytesMayComeInParts() {
    MessageDigest digest = Sha256.begin();
    digest.update((byte) 'a');
    digest.update("bc".getBytes(US_ASCII));
    assertThat(Sha256.end(digest)).isEqualTo(ABC);
  }
}
