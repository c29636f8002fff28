// SPDX-License-Identifier: Apache-2.0
package dev.w2s.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a completion goes on from.
 *
 * @param text all of it
 * @param tokens its tokens as the server has them, where it has told; then there is no seam, since
 *     the server need not tokenize a text that was cut anywhere
 */
public record Input(String text, @Nullable List<Integer> tokens) {

  /** Copies the list. */
  public Input {
    tokens = tokens == null ? null : List.copyOf(tokens);
  }

  /** A text whose tokens are not known. */
  public static Input of(String text) {
    return new Input(text, null);
  }

  /**
   * This and what was drawn after it.
   *
   * @param more text that follows
   * @param prompt this one's tokens as the answer tells them, null where it does not
   * @param drawn tokens that follow, null where they are not known
   */
  Input then(String more, @Nullable List<Integer> prompt, @Nullable List<Integer> drawn) {
    List<Integer> before = tokens != null ? tokens : prompt;
    if (before == null || drawn == null) {
      return of(text + more);
    }
    List<Integer> all = new ArrayList<>(before);
    all.addAll(drawn);
    return new Input(text + more, all);
  }

  JsonNode json() {
    if (tokens == null) {
      return JsonNodeFactory.instance.textNode(text);
    }
    ArrayNode ids = JsonNodeFactory.instance.arrayNode();
    tokens.forEach(ids::add);
    return ids;
  }
}
