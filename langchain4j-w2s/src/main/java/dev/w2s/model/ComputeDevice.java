// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A device and what it is good at: all that depends on the kind of device stands here.
 *
 * @param device in DJL's terms
 * @param multipliesBfloat16 whether it multiplies bfloat16 several times as fast as float32
 */
record ComputeDevice(Device device, boolean multipliesBfloat16) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Pattern VENDOR_AMD = Pattern.compile("vendor_id\\s*: AuthenticAMD");
  private static final Pattern FLAGS = Pattern.compile("flags\\s*:.* amx_bf16( .*)?");
  private static final Pattern AMD_FLAGS = Pattern.compile("flags\\s*:.* avx512_bf16( .*)?");

  /** Largest {@code M_MMAP_THRESHOLD} that malloc comes to by itself, bytes. */
  private static final int CACHE_BLOCK = 1 << 25;

  /** Smaller models are bound by the number of operations, whatever their type. */
  private static final long LARGE = 50_000_000;

  static ComputeDevice of(Device device) {
    return new ComputeDevice(device, device.isGpu() || processorMultipliesBfloat16());
  }

  private static boolean processorMultipliesBfloat16() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return multipliesBfloat16(lines.toList());
    } catch (IOException | java.io.UncheckedIOException e) {
      return false; // not Linux, where nobody says
    }
  }

  /**
   * Whether a processor multiplies bfloat16 several times as fast as float32: those with tiles for
   * it (Advanced Matrix Extensions) do, and AMD's by AVX-512 alone, by which others are no faster.
   *
   * @param cpuInfo lines of {@code /proc/cpuinfo}
   */
  static boolean multipliesBfloat16(List<String> cpuInfo) {
    boolean amd = cpuInfo.stream().anyMatch(VENDOR_AMD.asMatchPredicate());
    Pattern flags = amd ? AMD_FLAGS : FLAGS;
    return cpuInfo.stream().anyMatch(flags.asMatchPredicate());
  }

  /** As users name it: {@code cpu} or {@code cuda:N}. */
  String name() {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /**
   * Bytes that the blocks of a session's cache take at least; 0 for no such blocks. A processor's
   * memory counts once it is touched. Blocks of 32 MiB and more GNU's malloc maps by themselves and
   * gives back at once; smaller ones it may take from a heap, where those that grow leave holes. A
   * GPU's memory counts at once.
   */
  int cacheBlock() {
    return device.isGpu() ? 0 : CACHE_BLOCK;
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
