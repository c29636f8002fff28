// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {
  private static final ComputeDevice PLAIN = new ComputeDevice(Device.cpu(), Processor.UNKNOWN);
  private static final ComputeDevice TILES =
      new ComputeDevice(Device.cpu(), new Processor(false, true, true));
  private static final ComputeDevice AMD =
      new ComputeDevice(Device.cpu(), new Processor(true, false, true));
  private static final ComputeDevice GPU = new ComputeDevice(Device.gpu(0), Processor.UNKNOWN);

  /** Weights from which on bfloat16 pays on a CPU that multiplies it fast. */
  private static final long LARGE = 50_000_000;

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
  @ValueSource(strings = {"", "float", "FLOAT32", "int2", "fp16", "bf16"})
  void refusesOtherTypes(String type) {
    assertThatThrownBy(() -> Placement.parse("cpu", type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dtype is '%s'; it must be one of auto, float32, bfloat16, float16, int8, int4"
                .formatted(type));
  }

  @Test
  void typesHavePyTorchsNumbersAndSizes() {
    assertThat(WeightType.FLOAT32.scalarType()).isEqualTo(6);
    assertThat(WeightType.FLOAT16.scalarType()).isEqualTo(5);
    assertThat(WeightType.BFLOAT16.scalarType()).isEqualTo(15);
    assertThat(WeightType.FLOAT32.bytes()).isEqualTo(4);
    assertThat(WeightType.FLOAT16.bytes()).isEqualTo(2);
    assertThat(WeightType.BFLOAT16.bytes()).isEqualTo(2);
    assertThatThrownBy(WeightType.AUTO::scalarType).hasMessage("auto is not a type of PyTorch");
    assertThatThrownBy(WeightType.INT8::scalarType).hasMessage("int8 is not a type of PyTorch");
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightType.class,
      names = {"FLOAT32", "BFLOAT16", "FLOAT16"})
  void autoIsWhatSuitsTheDevice(WeightType stored) {
    assertThat(Placement.AUTO.resolve(GPU, stored, LARGE)).isEqualTo(stored);
    assertThat(Placement.AUTO.resolve(PLAIN, stored, LARGE)).isEqualTo(WeightType.FLOAT32);
    assertThat(Placement.AUTO.resolve(AMD, stored, LARGE)).isEqualTo(WeightType.FLOAT32);
    assertThat(Placement.AUTO.resolve(TILES, stored, LARGE - 1)).isEqualTo(WeightType.FLOAT32);
    assertThat(Placement.AUTO.resolve(TILES, stored, LARGE)).isEqualTo(WeightType.BFLOAT16);
  }

  @Test
  void whatIsAskedForHoldsOnEveryDevice() {
    Placement asked = new Placement("auto", WeightType.FLOAT16);
    assertThat(List.of(PLAIN, TILES, GPU))
        .allSatisfy(
            device ->
                assertThat(asked.resolve(device, WeightType.FLOAT32, LARGE))
                    .isEqualTo(WeightType.FLOAT16));
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightType.class,
      names = {"INT8", "INT4"})
  void fewBitsAreComputedInWhatTheDeviceMultipliesFast(WeightType type) {
    assertThat(PLAIN.computeType(type)).isEqualTo(WeightType.FLOAT32);
    assertThat(TILES.computeType(type)).isEqualTo(WeightType.BFLOAT16);
    assertThat(AMD.computeType(type)).isEqualTo(WeightType.BFLOAT16);
    assertThat(GPU.computeType(type)).isEqualTo(WeightType.BFLOAT16);
    assertThat(TILES.computeType(WeightType.FLOAT32)).isEqualTo(WeightType.FLOAT32);
  }

  /** oneDNN packs matrices of the CPU, of the types that it gains with. */
  @ParameterizedTest
  @CsvSource({
    "false, false, false, ",
    "false, false, true, ",
    "false, true, true, BFLOAT16",
    "true, false, false, FLOAT32",
    "true, false, true, FLOAT32 BFLOAT16",
  })
  void matricesArePackedWhereThatGains(
      boolean amd, boolean tiles, boolean wide, @Nullable String types) {
    Processor processor = new Processor(amd, tiles, wide);
    ComputeDevice device = new ComputeDevice(Device.cpu(), processor);
    assertThat(Arrays.stream(WeightType.values()).filter(device::packs).map(Enum::name))
        .containsExactly(types == null ? new String[0] : types.split(" "));
    assertThat(WeightType.values()).noneMatch(new ComputeDevice(Device.gpu(0), processor)::packs);
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
