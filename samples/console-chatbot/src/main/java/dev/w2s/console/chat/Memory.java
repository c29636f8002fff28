// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.List;

/** What was said so far, and how much of it still fits. */
final class Memory {
  private final List<Exchange> exchanges = new ArrayList<>();

  /**
   * What the models are shown.
   *
   * @param messages system words, old turns, the question
   * @param forgotten how many of the oldest turns are left out
   */
  record Excerpt(List<ChatMessage> messages, int forgotten) {}

  void remember(Exchange exchange) {
    exchanges.add(exchange);
  }

  void clear() {
    exchanges.clear();
  }

  int size() {
    return exchanges.size();
  }

  /**
   * The latest turns that leave every reader room for an answer; the question stays whatever
   * happens.
   *
   * @param turns so many of the first are to be seen at all
   * @param room tokens of an answer
   */
  Excerpt excerpt(String system, String question, int turns, List<Reader> readers, int room) {
    int forgotten = 0;
    List<ChatMessage> messages = messages(system, question, exchanges.subList(0, turns));
    while (forgotten < turns && !fits(messages, readers, room)) {
      forgotten++;
      messages = messages(system, question, exchanges.subList(forgotten, turns));
    }
    return new Excerpt(messages, forgotten);
  }

  private static boolean fits(List<ChatMessage> messages, List<Reader> readers, int room) {
    return readers.stream()
        .allMatch(reader -> reader.tokens(messages) + room <= reader.positions());
  }

  private static List<ChatMessage> messages(String system, String question, List<Exchange> before) {
    List<ChatMessage> messages = new ArrayList<>();
    if (!system.isEmpty()) {
      messages.add(SystemMessage.from(system));
    }
    for (Exchange exchange : before) {
      messages.add(UserMessage.from(exchange.question()));
      messages.add(AiMessage.from(exchange.answer()));
    }
    messages.add(UserMessage.from(question));
    return messages;
  }
}
