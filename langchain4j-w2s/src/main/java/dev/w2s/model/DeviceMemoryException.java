// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A device has not the memory that was asked for. What was under way is released; the models that
 * are loaded, and the process, go on.
 */
public class DeviceMemoryException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** As libtorch words it, of a CPU and of CUDA. */
  private static final Pattern REFUSED =
      Pattern.compile("(?i)can't allocate memory|not enough memory|out of memory");

  private static final Pattern AMOUNT =
      Pattern.compile("(?i)(?:tried|trying) to allocate (\\d+(?:\\.\\d+)?) ?(bytes|[KMGT]iB)");

  private static final String HELP =
      "; fewer bits a weight (bfloat16, int8, int4), shorter texts, fewer candidates a round or"
          + " another device take less";

  private DeviceMemoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What libtorch has thrown, if it is that memory ran out; else null. */
  static @Nullable DeviceMemoryException of(ComputeDevice device, RuntimeException thrown) {
    String said = String.valueOf(thrown.getMessage());
    if (!REFUSED.matcher(said).find()) {
      return null;
    }
    Matcher amount = AMOUNT.matcher(said);
    String needed = amount.find() ? amount.group(1) + " " + amount.group(2) : "more memory";
    return new DeviceMemoryException(
        "%s has no room for another %s%s".formatted(device.name(), needed, HELP), thrown);
  }

  /**
   * Refuses weights that no amount of waiting would make fit: a system that promises memory it does
   * not have would end the process once they are filled.
   *
   * @param needed bytes of the weights
   */
  static void requireRoom(String model, ComputeDevice device, long needed) {
    long all = device.device().isGpu() ? Long.MAX_VALUE : memory();
    if (needed > all) {
      throw new DeviceMemoryException(
          String.format(
              Locale.ROOT,
              "the weights of %s need %,d bytes on %s, which has %,d%s",
              model,
              needed,
              device.name(),
              all,
              HELP),
          null);
    }
  }

  /** Bytes that this process, or its container, may have at most. */
  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Long.MAX_VALUE;
  }
}
