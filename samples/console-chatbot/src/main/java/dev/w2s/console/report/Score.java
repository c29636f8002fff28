// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.report;

import java.util.Locale;

/** Nats as they are written. */
final class Score {
  private Score() {}

  static String of(double nats) {
    return Double.isNaN(nats) ? "   ? " : String.format(Locale.ROOT, "%+.2f", nats);
  }
}
