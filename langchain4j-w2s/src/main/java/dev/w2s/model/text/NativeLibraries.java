// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import ai.djl.util.Utils;
import dev.w2s.model.files.UserHome;
import java.nio.file.Path;

/** What DJL must be told before its first use, and what to say when it cannot load a library. */
public final class NativeLibraries {
  private static final String OPT_OUT = "OPT_OUT_TRACKING";
  private static final String CACHE = "DJL_CACHE_DIR";

  /** JNA, by which DJL looks for GPUs, unpacks its library there and deletes it again. */
  private static final String JNA_FILES = "jna.tmpdir";

  private NativeLibraries() {}

  /**
   * Settles what the user has not, by system property or environment: DJL reports each day's first
   * start to its makers, which a library must not do to its users; and of a user without a home it
   * would make a folder named "?".
   */
  public static void prepare() {
    setIfAbsent(OPT_OUT, "true");
    if (!UserHome.isKnown()) {
      Path home = UserHome.find();
      setIfAbsent(CACHE, home.resolve(".djl.ai").toString());
      setIfAbsent(JNA_FILES, home.toString());
    }
  }

  private static void setIfAbsent(String name, String value) {
    if (!isSet(name)) {
      System.setProperty(name, value);
    }
  }

  private static boolean isSet(String name) {
    return System.getProperty(name) != null || System.getenv(name) != null;
  }

  /**
   * The error for a library that cannot be loaded.
   *
   * @param library whose it is
   * @param problem what DJL threw, which seldom tells the place
   */
  public static IllegalStateException failure(String library, Throwable problem) {
    Throwable root = problem;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new IllegalStateException(
        "%s cannot be loaded: %s; native libraries are unpacked to %s, which %s sets"
            .formatted(library, root, Utils.getCacheDir(), CACHE),
        problem);
  }
}
