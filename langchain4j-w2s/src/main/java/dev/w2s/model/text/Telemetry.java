// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

/** DJL reports each day's first start to its makers; a library must not do that to its users. */
public final class Telemetry {
  private static final String OPT_OUT = "OPT_OUT_TRACKING";

  private Telemetry() {}

  /** Opts out unless the user has decided otherwise, by system property or environment. */
  public static void optOut() {
    if (System.getProperty(OPT_OUT) == null && System.getenv(OPT_OUT) == null) {
      System.setProperty(OPT_OUT, "true");
    }
  }
}
