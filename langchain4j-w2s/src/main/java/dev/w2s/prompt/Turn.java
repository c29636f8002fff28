// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import static java.util.Objects.requireNonNull;

/**
 * One turn of a conversation, in the words of chat templates.
 *
 * @param role system, user, assistant or tool; which of them a model knows is its template's matter
 * @param content what was said; may be empty
 */
public record Turn(String role, String content) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the role is blank
   */
  public Turn {
    requireNonNull(content, "content");
    if (role.isBlank()) {
      throw new IllegalArgumentException("role is '" + role + "'; it must not be blank");
    }
  }
}
