// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.util.ArrayList;
import java.util.List;

/** How a conversation is put to a model that is to go on with an answer. */
public final class Instruction {
  /** What the user then says. */
  public static final String GO_ON =
      "Your last message was cut off. Go on from exactly where it stopped, in the same words that"
          + " you would have used. Do not repeat any of it, and write nothing in front.";

  private Instruction() {}

  /**
   * The conversation with the answer so far, to be continued.
   *
   * @param given not empty
   */
  public static Prompt.Conversation of(
      Prompt.Conversation conversation, String given, Continuation way) {
    Prompt.Conversation begun = conversation.answered(given);
    if (way != Continuation.INSTRUCTION) {
      return begun;
    }
    List<Turn> turns = new ArrayList<>(begun.turns());
    turns.add(new Turn("user", GO_ON));
    return new Prompt.Conversation(turns);
  }
}
