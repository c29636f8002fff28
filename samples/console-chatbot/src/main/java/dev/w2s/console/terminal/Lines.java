// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.terminal;

/** A message of several lines: each but the last ends with a backslash. */
final class Lines {
  private Lines() {}

  static boolean goesOn(CharSequence line) {
    int end = line.length();
    int backslashes = 0;
    while (backslashes < end && line.charAt(end - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  static String joined(String typed) {
    return typed.replace("\\\n", "\n");
  }
}
