// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.pytorch.jni.JniUtils;

/**
 * What models run on.
 *
 * @param version of libtorch
 * @param device {@code cpu} or {@code cuda:N}
 * @param threads that a product is shared among on a CPU
 * @param multipliesBfloat16 whether the device has units that multiply bfloat16 faster than float32
 */
public record EngineSummary(
    String version, String device, int threads, boolean multipliesBfloat16) {

  /**
   * Starts the engine, if it is not started, and asks it.
   *
   * @throws IllegalArgumentException if the device is not there
   * @throws IllegalStateException if the engine cannot be loaded
   */
  public static EngineSummary read(Placement placement) {
    InferenceThread thread = InferenceThread.of(placement.resolve());
    ComputeDevice device = thread.device();
    return new EngineSummary(
        InferenceThread.engine().getVersion(),
        device.name(),
        thread.call(JniUtils::getNumThreads),
        device.multipliesBfloat16());
  }
}
