// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {

  @ParameterizedTest
  @ValueSource(strings = {"auto", "cpu", "cuda:0", "cuda:7", "cuda:127"})
  void acceptsDevices(String device) {
    assertThat(new Placement(device, WeightType.AUTO).device()).isEqualTo(device);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "CPU", "gpu", "cuda", "cuda:", "cuda:-1", "cuda:x", "cuda:1234", " cpu"})
  void refusesOtherDevices(String device) {
    assertThatThrownBy(() -> new Placement(device, WeightType.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("device is '" + device + "'; it must be auto, cpu or cuda:N");
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void typesAreReadAsTheyAreWritten(WeightType type) {
    assertThat(WeightType.parse(type.toString())).isEqualTo(type);
    assertThat(Placement.parse("cpu", type.toString())).isEqualTo(new Placement("cpu", type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "float", "FLOAT32", "int8", "fp16", "bf16"})
  void refusesOtherTypes(String type) {
    assertThatThrownBy(() -> Placement.parse("cpu", type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dtype is '%s'; it must be one of auto, float32, bfloat16, float16".formatted(type));
  }

  @Test
  void typesHavePyTorchsNumbersAndSizes() {
    assertThat(WeightType.FLOAT32.scalarType()).isEqualTo(6);
    assertThat(WeightType.FLOAT16.scalarType()).isEqualTo(5);
    assertThat(WeightType.BFLOAT16.scalarType()).isEqualTo(15);
    assertThat(WeightType.FLOAT32.bytes()).isEqualTo(4);
    assertThat(WeightType.FLOAT16.bytes()).isEqualTo(2);
    assertThat(WeightType.BFLOAT16.bytes()).isEqualTo(2);
    assertThatThrownBy(WeightType.AUTO::scalarType).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightType.class,
      names = {"FLOAT32", "BFLOAT16", "FLOAT16"})
  void autoIsFloat32OnACpuAndTheStoredTypeOnAGpu(WeightType stored) {
    assertThat(Placement.AUTO.resolve(Device.cpu(), stored)).isEqualTo(WeightType.FLOAT32);
    assertThat(Placement.AUTO.resolve(Device.gpu(0), stored)).isEqualTo(stored);
    Placement asked = new Placement("auto", WeightType.BFLOAT16);
    assertThat(asked.resolve(Device.cpu(), stored)).isEqualTo(WeightType.BFLOAT16);
    assertThat(asked.resolve(Device.gpu(0), stored)).isEqualTo(WeightType.BFLOAT16);
  }

  @Test
  void aGpuThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new Placement("cuda:127", WeightType.AUTO).resolve())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("device is 'cuda:127'; this machine has \\d+ usable GPUs");
  }

  /** Devices are counted from 0. */
  @Test
  void theDeviceBehindTheLastIsNotThere() {
    int count = CudaUtils.getGpuCount();
    assertThatThrownBy(() -> new Placement("cuda:" + count, WeightType.AUTO).resolve())
        .hasMessageStartingWith("device is 'cuda:" + count + "'; this machine has ");
  }

  @Test
  void cpuIsTheCpuWhateverElseThereIs() {
    assertThat(new Placement("cpu", WeightType.AUTO).resolve()).isEqualTo(Device.cpu());
  }
}
