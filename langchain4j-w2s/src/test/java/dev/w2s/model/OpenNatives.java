// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

/** What is open in native memory on a device, and what was opened so far. */
public record OpenNatives(
    long models,
    long caches,
    long adapters,
    long modelsSoFar,
    long cachesSoFar,
    long adaptersSoFar) {

  public static OpenNatives on(Placement placement) {
    InferenceThread thread = InferenceThread.of(placement.resolve());
    return new OpenNatives(
        thread.programs().open(),
        thread.caches().open(),
        thread.adapters().open(),
        thread.programs().total(),
        thread.caches().total(),
        thread.adapters().total());
  }

  public static OpenNatives onCpu() {
    return on(Golden.CPU_FLOAT32);
  }

  /** Native tensors that are left of a model's calls, its weights and caches apart. */
  public static int liveTensors(CausalModel model) {
    return model.liveTensors();
  }
}
