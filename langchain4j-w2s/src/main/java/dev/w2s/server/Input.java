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
 * @param rendered whether the text holds its special tokens (BOS) already, as a rendered
 *     conversation does, so that none must be put in front
 */
public record Input(String text, @Nullable List<Integer> tokens, boolean rendered) {

  /** Copies the list. */
  public Input {
    tokens = tokens == null ? null : List.copyOf(tokens);
  }

  /** A raw text whose tokens are not known. */
  public static Input of(String text) {
    return new Input(text, null, /* rendered= */ false);
  }

  /** This and a text whose tokens are not known. */
  public Input thenText(String more) {
    return more.isEmpty() ? this : new Input(text + more, null, rendered);
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
      return thenText(more);
    }
    List<Integer> all = new ArrayList<>(before);
    all.addAll(drawn);
    return new Input(text + more, all, rendered);
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
