// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A device and what it is good at: all that depends on the kind of device stands here.
 *
 * @param device in DJL's terms
 * @param multipliesBfloat16 whether its matrix units take bfloat16, several times as fast as
 *     float32
 */
record ComputeDevice(Device device, boolean multipliesBfloat16) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Smaller models are bound by the number of operations, whatever their type. */
  private static final long LARGE = 50_000_000;

  static ComputeDevice of(Device device) {
    return new ComputeDevice(device, device.isGpu() || hasTileUnit());
  }

  /** Advanced Matrix Extensions; AVX-512's bfloat16 alone is no faster than float32. */
  private static boolean hasTileUnit() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines.filter(line -> line.startsWith("flags")).anyMatch(ComputeDevice::hasTileUnit);
    } catch (IOException | java.io.UncheckedIOException e) {
      return false; // not Linux, where nobody says
    }
  }

  /** Whether a line of {@code /proc/cpuinfo} tells of bfloat16 tiles. */
  static boolean hasTileUnit(String line) {
    return (line + " ").contains(" amx_bf16 ");
  }

  /** As users name it: {@code cpu} or {@code cuda:N}. */
  String name() {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /**
   * The type that suits the device.
   *
   * @param stored how the files have it
   * @param parameters number of weights
   */
  WeightType auto(WeightType stored, long parameters) {
    if (device.isGpu()) {
      return stored;
    }
    return multipliesBfloat16 && parameters >= LARGE ? WeightType.BFLOAT16 : WeightType.FLOAT32;
  }

  /** What is computed in when the matrices have a type: of few bits they are widened. */
  WeightType computeType(WeightType type) {
    if (!type.quantised()) {
      return type;
    }
    return multipliesBfloat16 ? WeightType.BFLOAT16 : WeightType.FLOAT32;
  }
}
