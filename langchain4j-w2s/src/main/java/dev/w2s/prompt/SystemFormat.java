// SPDX-License-Identifier: Apache-2.0
package dev.w2s.prompt;

import dev.w2s.prompt.Prompt.Conversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Puts words in front of every prompt: directly before raw text, and into a conversation where the
 * format shows them.
 *
 * @param format shows what comes of it
 * @param words not blank
 */
record SystemFormat(PromptFormat format, String words) implements PromptFormat {
  private static final String SYSTEM = "system";
  private static final String PARAGRAPH = "\n\n";

  @Override
  public Rendered render(Prompt prompt) {
    return prompt instanceof Conversation conversation
        ? render(conversation.turns())
        : format.render(Prompt.of(words + ((Prompt.Text) prompt).text()));
  }

  /**
   * As a system message of their own, else as the beginning of the one already there, else of the
   * first user turn: templates that know no system message, or one alone, raise or leave it out.
   */
  private Rendered render(List<Turn> turns) {
    List<Turn> own = new ArrayList<>(turns);
    own.add(0, new Turn(SYSTEM, words));
    return shown(own)
        .or(() -> turns.get(0).role().equals(SYSTEM) ? shown(begun(turns, 0)) : Optional.empty())
        .or(() -> firstUserTurn(turns).flatMap(turn -> shown(begun(turns, turn))))
        .orElseThrow(() -> refusal(turns));
  }

  /**
   * Why the words have no place.
   *
   * @throws IllegalArgumentException what is wrong with the conversation without them, if anything
   */
  private IllegalArgumentException refusal(List<Turn> turns) {
    format.render(new Conversation(turns));
    return new IllegalArgumentException(
        "the chat template shows '%s' neither as a system message nor in front of a user turn"
            .formatted(words));
  }

  private Optional<Rendered> shown(List<Turn> turns) {
    try {
      return Optional.of(format.render(new Conversation(turns)))
          .filter(rendered -> rendered.text().contains(words.strip()));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the template's own way to say that it has no place for it
    }
  }

  private List<Turn> begun(List<Turn> turns, int index) {
    Turn turn = turns.get(index);
    List<Turn> begun = new ArrayList<>(turns);
    begun.set(index, new Turn(turn.role(), words + PARAGRAPH + turn.content(), turn.fields()));
    return begun;
  }

  private static Optional<Integer> firstUserTurn(List<Turn> turns) {
    return IntStream.range(0, turns.size())
        .filter(i -> turns.get(i).role().equals("user"))
        .boxed()
        .findFirst();
  }
}
