// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import java.util.Locale;

/** Sizes of files in words. */
final class Bytes {
  private static final long MEGABYTE = 1_000_000;
  private static final long GIGABYTE = 1_000_000_000;

  private Bytes() {}

  static String text(long bytes) {
    if (bytes >= GIGABYTE) {
      return String.format(Locale.ROOT, "%.1f GB", (double) bytes / GIGABYTE);
    }
    return bytes >= MEGABYTE
        ? String.format(Locale.ROOT, "%.1f MB", (double) bytes / MEGABYTE)
        : bytes + " bytes";
  }
}
