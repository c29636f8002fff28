// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a model runs and in which type.
 *
 * @param device {@code auto}, {@code cpu} or {@code cuda:N}; auto takes the first GPU, and the CPU
 *     where there is none
 * @param type the weights' type in memory
 */
public record Placement(String device, WeightType type) {
  /** The first GPU or the CPU, in the type that suits it. */
  public static final Placement AUTO = new Placement("auto", WeightType.AUTO);

  private static final Pattern CUDA = Pattern.compile("cuda:(\\d{1,3})");

  /**
   * @throws IllegalArgumentException if the device is none of the three
   */
  public Placement {
    if (!device.equals("auto") && !device.equals("cpu") && !CUDA.matcher(device).matches()) {
      throw new IllegalArgumentException(
          "device is '" + device + "'; it must be auto, cpu or cuda:N");
    }
  }

  /**
   * Reads both from text, as {@code --device} and {@code --dtype} give them.
   *
   * @throws IllegalArgumentException if one is not known
   */
  public static Placement parse(String device, String type) {
    return new Placement(device, WeightType.parse(type));
  }

  /**
   * The device in DJL's terms.
   *
   * @throws IllegalArgumentException if the machine does not have it
   */
  Device resolve() {
    if (device.equals("cpu")) {
      return Device.cpu();
    }
    // The engine counts the same, if it has CUDA; without a GPU there is no need to start it.
    int count = CudaUtils.getGpuCount() == 0 ? 0 : InferenceThread.engine().getGpuCount();
    Matcher cuda = CUDA.matcher(device);
    if (!cuda.matches()) {
      return count > 0 ? Device.gpu(0) : Device.cpu();
    }
    int index = Integer.parseInt(cuda.group(1));
    if (index >= count) {
      throw new IllegalArgumentException(
          "device is '%s'; this machine has %d usable GPUs".formatted(device, count));
    }
    return Device.gpu(index);
  }

  /**
   * The type in memory.
   *
   * @param target where it runs
   * @param stored how the files have it
   * @param parameters number of weights
   */
  WeightType resolve(ComputeDevice target, WeightType stored, long parameters) {
    return type == WeightType.AUTO ? target.auto(stored, parameters) : type;
  }
}
