// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One turn of a conversation, in the words of chat templates.
 *
 * @param role system, user, assistant or tool; which of them a model knows is its template's matter
 * @param content what was said; may be empty
 * @param fields what else a template may read of the turn, such as {@code tool_calls} or {@code
 *     tool_call_id}: maps with text as keys, lists, text, numbers and booleans only
 */
public record Turn(String role, String content, Map<String, Object> fields) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the role is blank, or a field is called role or content
   */
  public Turn {
    requireNonNull(content, "content");
    if (role.isBlank()) {
      throw new IllegalArgumentException("role is '" + role + "'; it must not be blank");
    }
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields)); // templates show the order
    if (fields.containsKey("role") || fields.containsKey("content")) {
      throw new IllegalArgumentException(
          "fields are %s; role and content must not be among them".formatted(fields.keySet()));
    }
  }

  /**
   * A turn of words alone.
   *
   * @throws IllegalArgumentException if the role is blank
   */
  public Turn(String role, String content) {
    this(role, content, Map.of());
  }

  /** Whether it is a tool's result, or nothing but a call of one. */
  boolean isOfTools() {
    return role.equals("tool") || (content.isEmpty() && fields.containsKey("tool_calls"));
  }

  /** Whether the assistant said it. */
  public boolean isAssistant() {
    return role.equals("assistant");
  }
}
