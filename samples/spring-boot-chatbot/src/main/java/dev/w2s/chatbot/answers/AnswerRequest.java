// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot.answers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the page asks for.
 *
 * @param conversation the question is part of
 * @param question not blank
 * @param guided false for the large model alone
 * @param weights of the guides by name; 0 leaves one out
 * @param beamWidth W
 * @param successors K
 * @param chunkLength L, tokens
 * @param guard whether the search is kept near the large model
 * @param words what is wanted, and its opposite, in plain words; null for none
 * @param seed same seed and question, same answer; null for another one each time
 */
public record AnswerRequest(
    String conversation,
    String question,
    boolean guided,
    Map<String, Double> weights,
    int beamWidth,
    int successors,
    int chunkLength,
    boolean guard,
    @Nullable Words words,
    @Nullable Long seed) {
  private static final int MOST_OF_A_TEXT = 300;
  private static final int WIDEST = 8;
  private static final int LONGEST = 64;
  private static final double HEAVIEST = 10;

  /**
   * A guide in plain words.
   *
   * @param weight 0 leaves it out
   */
  public record Words(String wanted, String opposite, double weight) {
    /** Checks the texts. */
    public Words {
      wanted = text("words.wanted", wanted);
      opposite = text("words.opposite", opposite);
      range("words.weight", weight, -HEAVIEST, HEAVIEST);
    }
  }

  /**
   * Checks everything; a number that is missing is 0 and so is out of range.
   *
   * @throws IllegalArgumentException if something breaks its rule; the message names it
   */
  public AnswerRequest {
    conversation = text("conversation", conversation);
    question = text("question", question);
    weights = new LinkedHashMap<>(Objects.requireNonNullElse(weights, Map.of()));
    weights.forEach((name, weight) -> range("weights." + name, weight, -HEAVIEST, HEAVIEST));
    if (guided) {
      range("beamWidth", beamWidth, 1, WIDEST);
      range("successors", successors, 1, WIDEST);
      range("chunkLength", chunkLength, 1, LONGEST);
    }
  }

  private static String text(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " is missing; it must have a character");
    }
    if (value.length() > MOST_OF_A_TEXT) {
      throw new IllegalArgumentException(
          "%s has %d characters; it may have %d".formatted(name, value.length(), MOST_OF_A_TEXT));
    }
    return value;
  }

  private static void range(String name, @Nullable Double value, double least, double most) {
    if (value == null || !(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s is %s; it must be from %s to %s".formatted(name, value, least, most));
    }
  }

  private static void range(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d; it must be from %d to %d".formatted(name, value, least, most));
    }
  }
}
