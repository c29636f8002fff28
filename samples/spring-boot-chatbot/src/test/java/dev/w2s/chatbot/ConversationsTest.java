// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.memory.ChatMemoryAccess;
import dev.w2s.chatbot.conversations.Conversations;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConversationsTest {
  private final Map<Object, ChatMemory> memories = new HashMap<>();
  private final Conversations conversations =
      new Conversations(
          new ChatMemoryAccess() {
            @Override
            public ChatMemory getChatMemory(Object id) {
              return memories.get(id);
            }

            @Override
            public boolean evictChatMemory(Object id) {
              return memories.remove(id) != null;
            }
          },
          2);

  private ChatMemory asked(String id) {
    ChatMemory memory =
        memories.computeIfAbsent(id, any -> MessageWindowChatMemory.withMaxMessages(9));
    assertThat(conversations.begin(id)).isTrue();
    memory.add(UserMessage.from("How was it?"));
    return memory;
  }

  @Test
  void anAnswerThatIsThereStays() {
    ChatMemory memory = asked("a");
    memory.add(AiMessage.from("Good."));
    conversations.end("a", "Goo");
    assertThat(memory.messages())
        .containsExactly(UserMessage.from("How was it?"), AiMessage.from("Good."));
  }

  @Test
  void aStoppedAnswerIsRememberedAsFarAsItCame() {
    ChatMemory memory = asked("a");
    conversations.end("a", "Goo");
    assertThat(memory.messages())
        .containsExactly(UserMessage.from("How was it?"), AiMessage.from("Goo"));
  }

  @Test
  void aQuestionWithoutAnyAnswerIsForgotten() {
    ChatMemory memory = asked("a");
    memory.add(AiMessage.from("Good."));
    conversations.end("a", "Good.");
    asked("a");
    conversations.end("a", " ");
    assertThat(memory.messages())
        .containsExactly(UserMessage.from("How was it?"), AiMessage.from("Good."));
  }

  @Test
  void oneQuestionAtATime() {
    asked("a");
    assertThat(conversations.begin("a")).isFalse();
    conversations.forget("a"); // not while it is asked
    assertThat(memories).containsKey("a");
    conversations.end("a", "");
    assertThat(conversations.begin("a")).isTrue();
  }

  /** One that is being asked is not forgotten, however long ago it was begun. */
  @Test
  void theOneNotUsedForLongestGivesWay() {
    asked("a");
    asked("b");
    conversations.end("b", "");
    asked("c");
    assertThat(memories).containsOnlyKeys("a", "c");
    conversations.end("a", "");
    conversations.end("c", "");
    asked("d");
    assertThat(conversations.size()).isEqualTo(2);
    assertThat(memories).doesNotContainKey("a");
  }
}
