// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.Device;

/**
 * A device and what it is good at: all that depends on the kind of device stands here.
 *
 * @param device in DJL's terms
 * @param processor the machine's, which counts where the device is the CPU
 */
record ComputeDevice(Device device, Processor processor) {
  /** Largest {@code M_MMAP_THRESHOLD} that malloc comes to by itself, bytes. */
  private static final int CACHE_BLOCK = 1 << 25;

  /** Smaller models are bound by the number of operations, whatever their type. */
  private static final long LARGE = 50_000_000;

  static ComputeDevice of(Device device) {
    return new ComputeDevice(device, Processor.read());
  }

  /** Whether it multiplies bfloat16 faster than float32. */
  boolean multipliesBfloat16() {
    return device.isGpu() || processor.multipliesBfloat16();
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
    return processor.tiles() && parameters >= LARGE ? WeightType.BFLOAT16 : WeightType.FLOAT32;
  }

  /**
   * Whether oneDNN multiplies all matrices, and those of the layers lie in its own order. Of
   * bfloat16 it does so on processors anyway, but brings them into that order in each product anew.
   * Float32 libtorch leaves to Intel's MKL, which is slow on AMD's.
   */
  boolean packs(WeightType compute) {
    boolean gains =
        switch (compute) {
          case BFLOAT16 -> processor.multipliesBfloat16();
          case FLOAT32 -> processor.amd();
          default -> false;
        };
    return gains && !device.isGpu();
  }

  /** What is computed in when the matrices have a type: of few bits they are widened. */
  WeightType computeType(WeightType type) {
    if (!type.quantised()) {
      return type;
    }
    return multipliesBfloat16() ? WeightType.BFLOAT16 : WeightType.FLOAT32;
  }
}
