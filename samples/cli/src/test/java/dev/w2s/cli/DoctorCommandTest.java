// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoctorCommandTest {

  @Test
  void checksTheCpu() {
    Call call = Call.of("doctor", "--device=cpu", "--model", Golden.model("llama-gqa"));
    assertThat(call.out())
        .containsPattern("engine +libtorch 2\\.7\\.1 on cpu, \\d+ threads")
        .containsPattern(
            "parity +\\d+ texts of 3 models, largest error \\d.\\de-0[4-9] nats.* ok\n")
        .containsPattern("float32 .* 0\\.00000, at most 1.0E-4 +ok\n")
        .containsPattern("bfloat16 ")
        .containsPattern("float16 ")
        .containsPattern("int8 ")
        .containsPattern("int4 ")
        .containsPattern("memory ");
  }

  @Test
  void namesWhatIsNotADevice() {
    Call call = Call.of("doctor", "--device=tpu");
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.err()).contains("device is 'tpu'; it must be auto, cpu or cuda:N");
  }

  @Test
  void namesADeviceThatIsNotThere() {
    Call call = Call.of("doctor", "--device=cuda:99");
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines())
        .singleElement()
        .asString()
        .containsPattern("device is 'cuda:99'; this machine has \\d+ usable GPUs");
  }
}
