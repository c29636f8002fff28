// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import org.jspecify.annotations.Nullable;

/** Variables of the environment. */
@FunctionalInterface
public interface Environment {

  /** The value of a variable; null if there is none. */
  @Nullable String value(String variable);

  /** The same, of an empty one as well. */
  default @Nullable String get(String variable) {
    String value = value(variable);
    return value == null || value.isBlank() ? null : value;
  }
}
