// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.setup;

import org.jspecify.annotations.Nullable;

/**
 * A server's key, which no command line may show.
 *
 * @param value null for none
 * @param variable that holds it, or would
 */
record ApiKey(@Nullable String value, String variable) {

  /** The key of a variable, which may not be there. */
  static ApiKey ofDefault(String variable, Environment environment) {
    return new ApiKey(environment.get(variable), variable);
  }

  /**
   * The key of the variable that an option names.
   *
   * @throws SetupException if there is none
   */
  static ApiKey ofNamed(String option, String variable, Environment environment) {
    String value = environment.get(variable);
    if (value == null) {
      throw new SetupException(
          "%s is '%s'; the environment has no such variable, or an empty one"
              .formatted(option, variable),
          null);
    }
    return new ApiKey(value, variable);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return variable;
  }
}
