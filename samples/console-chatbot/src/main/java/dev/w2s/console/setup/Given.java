// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import org.jspecify.annotations.Nullable;

/**
 * What somebody has set, and where: an option goes before a variable of the environment.
 *
 * @param value as it was given
 * @param source the option or the variable
 */
record Given(String value, String source) {

  static @Nullable Given of(
      String option, @Nullable String value, String variable, Environment environment) {
    if (value != null) {
      return new Given(value, option);
    }
    String fallback = environment.get(variable);
    return fallback == null ? null : new Given(fallback, variable);
  }

  /** In front of what is wrong with it. */
  @Override
  public String toString() {
    return source + " is '" + value + "'";
  }
}
