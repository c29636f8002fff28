// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.doctor;

import java.util.Locale;

/**
 * What a check found.
 *
 * @param what was checked
 * @param text what was found
 * @param sound whether it is as it should be
 */
record Finding(String what, String text, boolean sound) {
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%-7s %s  %s", what, text, sound ? "ok" : "FAILED");
  }
}
