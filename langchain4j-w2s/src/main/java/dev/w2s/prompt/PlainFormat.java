// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import java.util.Locale;

/**
 * Shows a conversation to a model that has no chat template: each turn in a paragraph of its own
 * behind its role, and at the end the assistant's turn left open.
 *
 * <pre>
 * System: You are kind.
 *
 * User: How was the movie?
 *
 * Assistant:
 * </pre>
 *
 * <p>A last turn of the assistant is left open itself. Raw text stays as it is.
 */
final class PlainFormat implements PromptFormat {
  static final PlainFormat INSTANCE = new PlainFormat();

  private static final String PARAGRAPH = "\n\n";
  private static final String OPEN = "Assistant:";

  private PlainFormat() {}

  @Override
  public Rendered render(Prompt prompt) {
    return prompt instanceof Prompt.Conversation conversation
        ? Rendered.raw(text(conversation))
        : PromptFormat.raw().render(prompt);
  }

  private static String text(Prompt.Conversation conversation) {
    StringBuilder text = new StringBuilder();
    for (Turn turn : conversation.turns()) {
      text.append(text.isEmpty() ? "" : PARAGRAPH).append(paragraph(turn));
    }
    return conversation.isOpen() ? text.toString() : text.append(PARAGRAPH).append(OPEN).toString();
  }

  private static String paragraph(Turn turn) {
    String role = turn.role().substring(0, 1).toUpperCase(Locale.ROOT) + turn.role().substring(1);
    return turn.content().isEmpty() ? role + ":" : role + ": " + turn.content();
  }
}
