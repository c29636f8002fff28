// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import dev.w2s.search.guard.TrustRegion;
import org.jspecify.annotations.Nullable;

/** A guard as people write it: {@code off}, or nats a token. */
public final class GuardText {
  private GuardText() {}

  /**
   * Reads one.
   *
   * @return null for none
   * @throws IllegalArgumentException if it is neither; the message is the rule
   */
  public static @Nullable TrustRegion parse(String text) {
    if (text.equals("off")) {
      return null;
    }
    try {
      return new TrustRegion(Double.parseDouble(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "guard is '" + text + "'; it must be a number of nats above 0, or off", e);
    }
  }
}
