// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import java.util.ArrayList;
import java.util.List;

/**
 * What is asked: raw text, which a model continues, or a conversation, which it answers. Every
 * model that takes part in a search sees it in its own way, see {@link PromptFormat}.
 */
public sealed interface Prompt {

  /**
   * Raw text.
   *
   * @param text at least one character
   */
  record Text(String text) implements Prompt {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public Text {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("prompt is empty; it must have at least one character");
      }
    }
  }

  /**
   * A conversation.
   *
   * @param turns at least one, oldest first
   */
  record Conversation(List<Turn> turns) implements Prompt {

    /**
     * Checks and copies the turns.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Conversation {
      turns = List.copyOf(turns);
      if (turns.isEmpty()) {
        throw new IllegalArgumentException("conversation is empty; it must have at least one turn");
      }
    }

    /**
     * The conversation without calls of tools and their results, for a model whose template knows
     * none.
     *
     * @return this one where it has no such turn, or nothing else
     */
    public Conversation withoutTools() {
      List<Turn> kept = turns.stream().filter(turn -> !turn.isOfTools()).toList();
      return kept.isEmpty() || kept.size() == turns.size() ? this : new Conversation(kept);
    }

    /** The conversation with a response: as the assistant's next turn, or the rest of its last. */
    public Conversation answered(String response) {
      List<Turn> all = new ArrayList<>(turns);
      if (isOpen()) {
        Turn begun = all.remove(all.size() - 1);
        all.add(new Turn(begun.role(), begun.content() + response, begun.fields()));
      } else {
        all.add(new Turn("assistant", response));
      }
      return new Conversation(all);
    }

    /** Whether its last turn is the assistant's, which a model then continues. */
    public boolean isOpen() {
      return turns.get(turns.size() - 1).isAssistant();
    }
  }

  /**
   * Raw text as a prompt.
   *
   * @throws IllegalArgumentException if it is empty
   */
  static Prompt of(String text) {
    return new Text(text);
  }
}
