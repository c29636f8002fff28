// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.Rendered;

/**
 * How a model sees prompts: raw text in one format, a conversation in another, with a suffix.
 *
 * @param raw for raw text
 * @param chat for conversations
 * @param suffix behind a conversation
 */
record ModelFormat(PromptFormat raw, PromptFormat chat, String suffix) implements PromptFormat {

  @Override
  public Rendered render(Prompt prompt) {
    if (prompt instanceof Prompt.Conversation) {
      Rendered rendered = chat.render(prompt);
      return new Rendered(rendered.text() + suffix, rendered.specialTokens());
    }
    return raw.render(prompt);
  }
}
