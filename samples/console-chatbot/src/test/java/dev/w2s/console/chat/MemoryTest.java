// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private final Memory memory = new Memory();

  /** Each message is ten tokens. */
  private static Reader reader(int positions) {
    return new Reader() {
      @Override
      public int positions() {
        return positions;
      }

      @Override
      public int tokens(List<ChatMessage> messages) {
        return 10 * messages.size();
      }
    };
  }

  private Memory.Excerpt excerpt(int... positions) {
    memory.remember(new Exchange("q1", "a1"));
    memory.remember(new Exchange("q2", "a2"));
    List<Reader> readers = java.util.Arrays.stream(positions).mapToObj(MemoryTest::reader).toList();
    return memory.excerpt("be kind", "q3", 2, readers, 5);
  }

  @Test
  void allIsSeenWhereItFits() {
    assertThat(excerpt(65))
        .isEqualTo(
            new Memory.Excerpt(
                List.of(
                    SystemMessage.from("be kind"),
                    UserMessage.from("q1"),
                    AiMessage.from("a1"),
                    UserMessage.from("q2"),
                    AiMessage.from("a2"),
                    UserMessage.from("q3")),
                0));
  }

  @Test
  void theOldestTurnIsLeftOutWhereTheSmallestModelCannotHoldIt() {
    Memory.Excerpt excerpt = excerpt(1000, 64);
    assertThat(excerpt.forgotten()).isEqualTo(1);
    assertThat(excerpt.messages())
        .containsExactly(
            SystemMessage.from("be kind"),
            UserMessage.from("q2"),
            AiMessage.from("a2"),
            UserMessage.from("q3"));
  }

  @Test
  void theQuestionStaysWhateverHappens() {
    assertThat(excerpt(3).messages())
        .containsExactly(SystemMessage.from("be kind"), UserMessage.from("q3"));
  }

  @Test
  void withoutReadersNothingIsLeftOut() {
    assertThat(excerpt().forgotten()).isZero();
  }
}
