// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.cli.io.CommandException;
import org.jspecify.annotations.Nullable;

/** Keys of servers, which no command line may show. */
public final class ApiKeys {
  private ApiKeys() {}

  /**
   * The key that a variable of the environment holds.
   *
   * @param option that names the variable
   * @param variable null for no key
   * @throws CommandException if there is no such variable, or it is empty
   */
  public static @Nullable String read(String option, @Nullable String variable) {
    if (variable == null) {
      return null;
    }
    String key = System.getenv(variable);
    if (key == null || key.isBlank()) {
      throw new CommandException(
          "%s is '%s'; the environment has no such variable, or an empty one"
              .formatted(option, variable));
    }
    return key;
  }
}
