// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How many OpenMP threads a model runs on.
 *
 * @param threads to run on; 0 for what the user has set
 */
record OpenMp(int threads) {
  private static final String PROPERTY = "ai.djl.pytorch.num_threads";
  private static final String VARIABLE = "OMP_NUM_THREADS";

  /** What suits this process; the engine is loaded. */
  static OpenMp choose() {
    return choose(
        System::getProperty,
        System::getenv,
        OpenMpWaiting.isBounded(),
        Runtime.getRuntime().availableProcessors(),
        JniUtils.getNumThreads());
  }

  /**
   * What suits a machine and its user's settings.
   *
   * @param property system properties by name
   * @param environment environment variables by name
   * @param bounded whether the threads sleep soon where they wait for each other
   * @param processors how many the process may use
   * @param threads how many libtorch would use: one per physical core
   */
  static OpenMp choose(
      Function<String, @Nullable String> property,
      Function<String, @Nullable String> environment,
      boolean bounded,
      int processors,
      int threads) {
    if (isSet(property, environment)) {
      return new OpenMp(0);
    }
    // Threads that burn their cores with waiting leave one to the others.
    return new OpenMp(bounded ? Math.min(threads, processors) : Math.max(1, processors - 1));
  }

  /** Whether the user has said how many threads there are to be. */
  static boolean isSet(
      Function<String, @Nullable String> property, Function<String, @Nullable String> environment) {
    return property.apply(PROPERTY) != null || environment.apply(VARIABLE) != null;
  }

  /** Applies to the calling thread for as long as it lives: the setting is its own. */
  void apply() {
    if (threads > 0) {
      JniUtils.setNumThreads(threads);
    }
  }
}
