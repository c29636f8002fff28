// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {

  /** Lines as Linux writes them. */
  @ParameterizedTest
  @CsvSource({
    "GenuineIntel, amx_bf16 amx_tile, false, true, false, true",
    "GenuineIntel, avx512_bf16 amx_bf16, false, true, true, true",
    "GenuineIntel, amx_int8 amx_tile, false, false, false, false",
    "GenuineIntel, avx512_bf16 avx512_fp16, false, false, true, false",
    "AuthenticAMD, avx512_bf16 avx512_vbmi2, true, false, true, true",
    "AuthenticAMD, amx_bf16, true, true, false, true",
    "AuthenticAMD, avx512f avx512_vnni, true, false, false, false",
    "AuthenticAMD, avx512_bf16x, true, false, false, false"
  })
  void isKnownByMakerAndFlags(
      String vendor, String flags, boolean amd, boolean tiles, boolean wide, boolean multiplies) {
    List<String> cpuInfo =
        List.of(
            "processor\t: 0", "vendor_id\t: " + vendor, "flags\t\t: fpu " + flags, "bogomips\t: 1");
    Processor processor = Processor.of(cpuInfo);
    assertThat(processor).isEqualTo(new Processor(amd, tiles, wide));
    assertThat(processor.multipliesBfloat16()).isEqualTo(multiplies);
  }

  /** Arm's processors have no vendor there, and name their flags otherwise. */
  @Test
  void ofAnotherKindNothingIsKnown() {
    List<String> arm = List.of("processor\t: 0", "Features\t: fp asimd bf16", "");
    assertThat(Processor.of(arm)).isEqualTo(Processor.UNKNOWN);
    assertThat(Processor.of(List.of())).isEqualTo(Processor.UNKNOWN);
  }
}
