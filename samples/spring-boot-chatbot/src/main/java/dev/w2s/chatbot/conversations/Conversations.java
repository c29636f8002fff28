// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot.conversations;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.service.memory.ChatMemoryAccess;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which conversations there are. One is asked one question at a time; the ones not used for longest
 * are forgotten where there are too many.
 */
public final class Conversations {
  private final ChatMemoryAccess memories;
  private final int most;

  /** Whether each is being asked; the one used last stands last. */
  private final Map<String, Boolean> asked = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param memories hold what was said
   * @param most that are kept
   */
  public Conversations(ChatMemoryAccess memories, int most) {
    this.memories = memories;
    this.most = most;
  }

  /**
   * Begins a question.
   *
   * @return false where the conversation is being asked already
   */
  public synchronized boolean begin(String id) {
    if (Boolean.TRUE.equals(asked.get(id))) {
      return false;
    }
    asked.put(id, true);
    forgetOldest();
    return true;
  }

  private void forgetOldest() {
    Iterator<Map.Entry<String, Boolean>> oldest = asked.entrySet().iterator();
    while (asked.size() > most && oldest.hasNext()) {
      Map.Entry<String, Boolean> each = oldest.next();
      if (!each.getValue()) {
        memories.evictChatMemory(each.getKey());
        oldest.remove();
      }
    }
  }

  /**
   * Ends a question. An answer that was broken off is remembered as far as it had come; a question
   * without any is forgotten, so that the next one does not stand behind it.
   *
   * @param soFar of the answer
   */
  public void end(String id, String soFar) {
    ChatMemory memory = memories.getChatMemory(id);
    if (memory != null) {
      mend(memory, soFar);
    }
    synchronized (this) {
      asked.replace(id, false);
    }
  }

  private static void mend(ChatMemory memory, String soFar) {
    List<ChatMessage> messages = new ArrayList<>(memory.messages());
    int last = messages.size() - 1;
    if (last < 0 || !(messages.get(last) instanceof UserMessage)) {
      return;
    }
    if (!soFar.isBlank()) {
      memory.add(AiMessage.from(soFar));
      return;
    }
    messages.remove(last);
    memory.clear();
    messages.forEach(memory::add);
  }

  /** Forgets one, unless it is being asked. */
  public synchronized void forget(String id) {
    if (Boolean.FALSE.equals(asked.get(id))) {
      asked.remove(id);
      memories.evictChatMemory(id);
    }
  }

  /** How many there are. */
  public synchronized int size() {
    return asked.size();
  }
}
