// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set of the chatbot itself; model and guides are set as the starter has them.
 *
 * @param title What the page is called.
 * @param example A question to begin with.
 * @param memory Messages of a conversation that are kept, the question included.
 * @param conversations Conversations that are kept; the one not used for longest gives way.
 * @param answers Answers in the making at a time; more are refused.
 * @param wanted An example of what may be wanted, in plain words.
 * @param opposite Its opposite.
 */
@ConfigurationProperties("chatbot")
public record ChatbotProperties(
    @DefaultValue("A movie critic") String title,
    @DefaultValue("How was the movie?") String example,
    @DefaultValue("5") int memory,
    @DefaultValue("1000") int conversations,
    @DefaultValue("16") int answers,
    @DefaultValue("One of the best movies I have ever seen. I loved it. 10/10.") String wanted,
    @DefaultValue("One of the worst movies I have ever seen. I hated it. 1/10.") String opposite) {

  /** Checks the numbers. */
  public ChatbotProperties {
    require("memory", memory);
    require("conversations", conversations);
    require("answers", answers);
  }

  private static void require(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "chatbot.%s is %d; it must be at least 1".formatted(name, value));
    }
  }
}
