// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/** The C library's heap, in which libtorch's smaller tensors and oneDNN's packed matrices lie. */
final class NativeHeap {
  private static final long KEPT = 0;

  private NativeHeap() {}

  /**
   * Gives what is free back to the system, which GNU's C library does not do by itself once larger
   * blocks have been freed. Another one has no such function, and nothing is done.
   *
   * @return whether it was asked to
   */
  static boolean trim() {
    try {
      Function.getFunction(Platform.C_LIBRARY_NAME, "malloc_trim").invokeInt(new Object[] {KEPT});
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }
}
