// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import static com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.util.List;

/** Conversations as chat endpoints take them. */
public final class Messages {
  private Messages() {}

  public static ArrayNode json(Prompt.Conversation conversation) {
    ArrayNode messages = instance.arrayNode();
    for (Turn turn : conversation.turns()) {
      ObjectNode message = messages.addObject();
      message.put("role", turn.role()).put("content", turn.content());
      turn.fields().forEach(message::putPOJO);
    }
    return messages;
  }

  /** A raw prompt is what the user says. */
  public static Prompt.Conversation conversation(Prompt prompt) {
    if (prompt instanceof Prompt.Text raw) {
      return new Prompt.Conversation(List.of(new Turn("user", raw.text())));
    }
    return (Prompt.Conversation) prompt;
  }
}
