// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.w2s.local.Conversations;
import dev.w2s.model.CausalModel;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import java.util.List;

/** A model that reads the conversation, and how much of it that model can hold. */
public interface Reader {

  /** Most tokens of conversation and answer. */
  int positions();

  /** Tokens of a conversation. */
  int tokens(List<ChatMessage> messages);

  /**
   * A model in this process.
   *
   * @param view how it is shown the conversation
   */
  static Reader of(CausalModel model, PromptOptions view) {
    return new Reader() {
      @Override
      public int positions() {
        return model.summary().positions();
      }

      @Override
      public int tokens(List<ChatMessage> messages) {
        Rendered shown =
            model.tokenizer().promptFormat(view).render(Conversations.ofTexts(messages));
        return model.tokenizer().encode(shown.text(), shown.specialTokens()).toList().size();
      }
    };
  }
}
