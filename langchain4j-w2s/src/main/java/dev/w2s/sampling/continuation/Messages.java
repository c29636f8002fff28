// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import static com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;

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
}
